//! The threads that run programs. They are fixed in number, so that calls at once are bounded by construction, and made
//! once, so that a call costs no thread. What waits for a lane is bounded too: past it a caller is told at once.

use crate::call::{Call, Fallen, Fault, Performance};
use crate::engine::LANE_STACK_BYTES;
use crate::loaded::Loaded;
use crate::sandbox;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use xitai_model::limits::{CALL_MS_MAX, CALLS_WAITING_MAX};

type Performed = Result<Performance, Fallen>;

struct Job {
    program: Arc<Loaded>,
    call: Call,
    queued: Instant,
    /// The request's, so that what happens on the lane is logged under it.
    span: tracing::Span,
    answer: oneshot::Sender<Performed>,
}

struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Programs run outside of the lock, so that a panic can't leave the queue half changed.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job, or nothing once the runtime is gone.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            queue = self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

pub(crate) struct Lanes {
    shared: Arc<Shared>,
}

impl Lanes {
    pub(crate) fn start(lanes: usize) -> std::io::Result<Self> {
        let queue = Queue { jobs: VecDeque::new(), closed: false };
        let shared = Arc::new(Shared { queue: Mutex::new(queue), filled: Condvar::new() });
        for lane in 0..lanes {
            let shared = shared.clone();
            let builder = std::thread::Builder::new().name(format!("lane-{lane}")).stack_size(LANE_STACK_BYTES);
            builder.spawn(move || {
                while let Some(job) = shared.next() {
                    work(job);
                }
            })?;
        }
        Ok(Self { shared })
    }

    /// Queues a call. The receiver is closed without an answer only when the runtime goes away.
    pub(crate) fn queue(&self, program: Arc<Loaded>, call: Call) -> Result<oneshot::Receiver<Performed>, Fallen> {
        let (answer, receiver) = oneshot::channel();
        let mut queue = self.shared.queue();
        if queue.jobs.len() >= CALLS_WAITING_MAX {
            return Err(fallen(Fault::Overloaded));
        }
        queue.jobs.push_back(Job { program, call, queued: Instant::now(), span: tracing::Span::current(), answer });
        drop(queue);
        self.shared.filled.notify_one();
        Ok(receiver)
    }
}

impl Drop for Lanes {
    /// Lanes finish what waits and end by themselves; a call in hand is not waited for.
    fn drop(&mut self) {
        self.shared.queue().closed = true;
        self.shared.filled.notify_all();
    }
}

fn work(job: Job) {
    // Nobody waits any more, or nobody should have to.
    if job.answer.is_closed() {
        return;
    }
    if job.queued.elapsed() > Duration::from_millis(CALL_MS_MAX) {
        let _ = job.answer.send(Err(fallen(Fault::Overloaded)));
        return;
    }
    let _within = job.span.enter();
    let performed = catch_unwind(AssertUnwindSafe(|| sandbox::perform(&job.program, &job.call)));
    let performed = performed.unwrap_or_else(|_| Err(fallen(Fault::Host("a host function panicked".to_owned()))));
    // The caller may have gone away meanwhile; then nothing is committed.
    let _ = job.answer.send(performed);
}

pub(crate) fn fallen(fault: Fault) -> Fallen {
    Fallen { fault, calls: Arc::default(), logs: Vec::new(), reads: Vec::new(), cost: Box::default() }
}
