//! Watches one child from another thread: hears its reports, and judges whether it lives.
//!
//! A child is judged by what it does ([`Pulse`], [`Deadlock`]), never by how long it takes.

use std::fs::File;
use std::io;

use super::deadlock::Deadlock;
use super::death::Death;
use super::message::{Message, Stage, Written};
use super::process::{Child, Ended};
use super::pulse::Pulse;
use super::ready::is_ready;

/// Between two looks at the child, and at whether the capture was given up.
const TICK_MS: libc::c_int = 10;

/// Why there is no snapshot.
#[derive(Debug)]
pub(super) enum Failure {
    /// The capture was given up.
    Cancelled,
    /// V8 gave up the walk.
    Walk,
    /// The output refused what the child wrote.
    Output(io::Error),
    /// The child was ended, because it never would have.
    Stuck(Stage, &'static str),
    /// The child ended before its time.
    Died(Stage, Death, String),
    /// The child could do nothing, and no other one could.
    Refused(Stage, String),
}

/// What the watchdog needs of a child.
pub(super) struct Watch<'a> {
    pub child: &'a Child,
    pub control: File,
    pub progress: &'a dyn Fn(Stage, u64, u64),
}

/// What a child reported, or what was seen of it.
struct Heard {
    stage: Stage,
    written: Option<Written>,
    failure: Option<Failure>,
}

impl Watch<'_> {
    /// Returns when the child is gone and reaped: what it wrote, or why nothing.
    pub(super) fn run(self) -> Result<Written, Failure> {
        let mut heard = Heard {
            stage: Stage::Start,
            written: None,
            failure: None,
        };
        let kills = oom_kills();
        if let Err(error) = self.attend(&mut heard) {
            heard.failure = Some(Failure::Refused(
                heard.stage,
                format!("listening to the child failed: {error}"),
            ));
            self.child.kill();
        }
        let ended = self.child.reap();
        let stage = heard.stage;
        match (heard.failure, heard.written, ended) {
            _ if self.child.is_cancelled() => Err(Failure::Cancelled),
            (Some(failure), ..) => Err(failure),
            // Its last message says that all was written.
            (None, Some(written), Ended::Code(0) | Ended::Unknown) => Ok(written),
            (None, _, ended) => {
                let (death, why) = Death::of(ended, kills < oom_kills());
                Err(Failure::Died(stage, death, why))
            }
        }
    }

    /// Reads until the child has closed the pipe, or has ended and left nothing in it (another process may hold its end, if
    /// somebody forks without exec).
    fn attend(&self, heard: &mut Heard) -> io::Result<()> {
        let mut pulse = Pulse::new();
        let mut deadlock = Deadlock::new();
        let mut quiet = false;
        loop {
            if self.child.is_cancelled() {
                self.child.kill();
            }
            // Asked before the pipe: what it left there is seen.
            let ended = quiet && self.child.has_ended();
            if is_ready(&self.control, libc::POLLIN, TICK_MS)? {
                quiet = false;
                let Some(message) = Message::receive(&self.control) else {
                    return Ok(());
                };
                self.hear(message, heard);
                pulse.beat();
                deadlock.beat();
                continue;
            }
            quiet = true;
            if ended {
                return Ok(());
            }
            if heard.failure.is_none()
                && let Some(pid) = self.child.pid()
            {
                let why = if deadlock.judge(pid, heard.stage) {
                    Some("the child waited for a lock that another thread had at the fork")
                } else {
                    pulse.judge(pid, heard.stage)
                };
                heard.failure = why.map(|why| Failure::Stuck(heard.stage, why));
                if heard.failure.is_some() {
                    self.child.kill();
                }
            }
        }
    }

    fn hear(&self, message: Message, heard: &mut Heard) {
        match message {
            Message::Progress { stage, done, total } => {
                heard.stage = stage;
                (self.progress)(stage, done, total);
            }
            Message::NotSeparated { errno } => {
                let error = io::Error::from_raw_os_error(errno);
                let why = format!("the child could not be separated from this process: {error}");
                heard.failure = Some(Failure::Refused(heard.stage, why));
            }
            Message::WalkFailed => heard.failure = Some(Failure::Walk),
            Message::OutputFailed { errno: 0 } => {
                let why = "the child could not complete the text".into();
                heard.failure = Some(Failure::Died(heard.stage, Death::Own, why));
            }
            Message::OutputFailed { errno } => {
                heard.failure = Some(Failure::Output(io::Error::from_raw_os_error(errno)));
            }
            Message::Done(written) => heard.written = Some(written),
        }
    }
}

/// How many processes Linux has killed for want of memory. `None` where it does not say.
fn oom_kills() -> Option<u64> {
    let counters = std::fs::read_to_string("/proc/vmstat").ok()?;
    let count = counters.lines().find_map(|line| line.strip_prefix("oom_kill "))?;
    count.trim().parse().ok()
}
