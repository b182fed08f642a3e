//! What a call may spend. Computing is counted only while the program itself runs: a slow database is not its fault.
//! Its wall time is cheap to take at each host call, but on a busy machine it is more than the program had; the thread's
//! processor time is exact, but holds the host's own work too. The program has computed no more than either of them, so
//! that a call ends when both are past the limit. Beside it, a longer wall time ends a thread that gets no processor, and
//! one deadline covers the whole call with its host calls.

use crate::call::Fault;
use rustix::time::{ClockId, clock_gettime};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use xitai_model::limits::{CALL_MS_MAX, COMPUTE_MS_MAX, COMPUTE_WALL_MS_MAX};

const COMPUTE_MAX: Duration = Duration::from_millis(COMPUTE_MS_MAX);
const COMPUTE_WALL_MAX: Duration = Duration::from_millis(COMPUTE_WALL_MS_MAX);
const CALL_MAX: Duration = Duration::from_millis(CALL_MS_MAX);

pub(crate) struct Budget {
    began: Instant,
    /// The thread's processor time then.
    began_cpu: Duration,
    /// When the program last began to run.
    entered: Instant,
    /// Wall time of the program's own before that.
    computed_wall: Duration,
    stopped: Arc<AtomicBool>,
}

/// Time that this thread has spent on a processor.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // The clock counts up from zero at the thread's start, so neither part is ever negative.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

impl Budget {
    /// Begins with the program running, on the thread that will run it.
    pub(crate) fn begin(stopped: Arc<AtomicBool>) -> Self {
        let began = Instant::now();
        Self { began, began_cpu: thread_time(), entered: began, computed_wall: Duration::ZERO, stopped }
    }

    /// Called on every tick while the program runs.
    pub(crate) fn look(&self) -> Result<(), Fault> {
        self.look_at_call()?;
        self.look_at_computing(self.computed_wall + self.entered.elapsed())
    }

    fn look_at_computing(&self, wall: Duration) -> Result<(), Fault> {
        let over = wall > COMPUTE_WALL_MAX || (wall > COMPUTE_MAX && self.thread_time() > COMPUTE_MAX);
        if over { Err(Fault::Compute) } else { Ok(()) }
    }

    /// Processor time of the thread since the call began.
    fn thread_time(&self) -> Duration {
        thread_time().saturating_sub(self.began_cpu)
    }

    fn look_at_call(&self) -> Result<(), Fault> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(Fault::Stopped);
        }
        if self.began.elapsed() > CALL_MAX { Err(Fault::Time) } else { Ok(()) }
    }

    /// The program called the host: its clock stands still until [`Budget::guest_enters`].
    pub(crate) fn guest_leaves(&mut self) {
        self.computed_wall += self.entered.elapsed();
    }

    /// The host answers. Here a call ends that spent too long in the host, or computed too much between two ticks.
    pub(crate) fn guest_enters(&mut self) -> Result<(), Fault> {
        self.entered = Instant::now();
        self.look_at_call()?;
        self.look_at_computing(self.computed_wall)
    }

    /// What is left of the call, for a host call to answer in.
    pub(crate) fn remaining(&self) -> Duration {
        CALL_MAX.saturating_sub(self.began.elapsed())
    }

    /// To be asked when the program does not run.
    pub(crate) fn compute_us(&self) -> u64 {
        micros(self.computed_wall.min(self.thread_time()))
    }

    pub(crate) fn wall_us(&self) -> u64 {
        micros(self.began.elapsed())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
