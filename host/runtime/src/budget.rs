//! What a call may spend. Computing is counted only while the program itself runs: a slow database is not its fault.
//! Thread time is the measure, so that an honest call is not cut short on a busy machine; wall time beside it ends a
//! thread that gets no processor, and one deadline covers the whole call with its host calls.

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
    /// When the program last began to run, by both clocks.
    entered: Mark,
    computed: Duration,
    computed_wall: Duration,
    stopped: Arc<AtomicBool>,
}

struct Mark {
    cpu: Duration,
    wall: Instant,
}

impl Mark {
    fn now() -> Self {
        Self { cpu: thread_time(), wall: Instant::now() }
    }
}

/// Time that this thread has spent on a processor.
pub(crate) fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // The clock counts up from zero at the thread's start, so neither part is ever negative.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

impl Budget {
    /// Begins with the program running, on the thread that will run it.
    pub(crate) fn begin(stopped: Arc<AtomicBool>) -> Self {
        let entered = Mark::now();
        Self { began: entered.wall, entered, computed: Duration::ZERO, computed_wall: Duration::ZERO, stopped }
    }

    /// Called on every tick while the program runs.
    pub(crate) fn look(&self) -> Result<(), Fault> {
        self.look_at_call()?;
        let compute = self.computed + thread_time().saturating_sub(self.entered.cpu);
        let wall = self.computed_wall + self.entered.wall.elapsed();
        if compute > COMPUTE_MAX || wall > COMPUTE_WALL_MAX { Err(Fault::Compute) } else { Ok(()) }
    }

    fn look_at_call(&self) -> Result<(), Fault> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(Fault::Stopped);
        }
        if self.began.elapsed() > CALL_MAX { Err(Fault::Time) } else { Ok(()) }
    }

    /// The program called the host: its clocks stand still until [`Budget::guest_enters`].
    pub(crate) fn guest_leaves(&mut self) {
        let now = Mark::now();
        self.computed += now.cpu.saturating_sub(self.entered.cpu);
        self.computed_wall += now.wall.saturating_duration_since(self.entered.wall);
    }

    /// The host answers. Here a call ends that spent too long in the host, or computed too much between two ticks.
    pub(crate) fn guest_enters(&mut self) -> Result<(), Fault> {
        self.entered = Mark::now();
        self.look_at_call()?;
        if self.computed > COMPUTE_MAX || self.computed_wall > COMPUTE_WALL_MAX {
            return Err(Fault::Compute);
        }
        Ok(())
    }

    /// What is left of the call, for a host call to answer in.
    pub(crate) fn remaining(&self) -> Duration {
        CALL_MAX.saturating_sub(self.began.elapsed())
    }

    pub(crate) fn compute_us(&self) -> u64 {
        micros(self.computed)
    }

    pub(crate) fn wall_us(&self) -> u64 {
        micros(self.began.elapsed())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
