//! Watches one child from another thread: hears its reports, brings its output on, and judges whether it lives.
//!
//! A child is judged by what it does ([`Pulse`]), never by how long it takes; while the reader of its output is slow, it is
//! not judged.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;

use super::message::Message;
use super::process::{Child, Ended};
use super::pulse::Pulse;
use crate::capture::fork_options::Phase;
use crate::sink::Produced;

/// Between two looks at whether the capture was given up.
const TICK_MS: libc::c_int = 20;

/// The signals of a crash: V8's own at a failed check or without memory, and the processor's.
const CRASHES: [libc::c_int; 6] = [
    libc::SIGABRT,
    libc::SIGTRAP,
    libc::SIGILL,
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGFPE,
];

/// Why there is no snapshot.
#[derive(Debug)]
pub enum Failure {
    /// The capture was given up.
    Cancelled,
    /// The output refused what the child wrote.
    Output(io::Error),
    /// The child ended, or was ended, before its time. Another one may do better.
    Child(String),
    /// The child could do nothing, and no other one could.
    Refused(String),
    /// The child crashed. This process might fare no better with a snapshot.
    Crash(String),
    /// The system had no memory for the child. It would not have any for another one.
    NoMemory(String),
}

/// What the watchdog needs of a child.
pub struct Watch<'a> {
    pub child: &'a Child,
    pub control: File,
    /// Where its output comes from, and goes to; without, it writes a file by itself.
    pub relay: Option<(File, &'a mut dyn Write)>,
    pub progress: &'a dyn Fn(Phase, u64, u64),
}

/// What a child reported.
#[derive(Default)]
struct Heard {
    phase: Option<Phase>,
    confined: bool,
    produced: Option<Produced>,
    failure: Option<Failure>,
}

impl Watch<'_> {
    /// Returns when the child is gone and reaped: what it produced and whether it was confined, or why nothing.
    pub fn run(mut self) -> Result<(Produced, bool), Failure> {
        let mut heard = Heard::default();
        let oom_kills = oom_kills();
        let relayed = self.attend(&mut heard);
        if relayed.is_err() {
            self.child.kill();
        }
        let ended = self.child.reap();
        let phase = heard.phase.map_or("start", Phase::name);
        match (heard.failure, heard.produced) {
            _ if self.child.is_cancelled() => Err(Failure::Cancelled),
            _ if relayed.is_err() => Err(Failure::Cancelled),
            (Some(failure), _) => Err(failure),
            (None, Some(produced)) if matches!(ended, None | Some(Ended::Code(0))) => Ok((produced, heard.confined)),
            _ => Err(match ended {
                Some(Ended::Signal(signal)) if CRASHES.contains(&signal) => {
                    Failure::Crash(format!("the child crashed with signal {signal} (phase {phase})"))
                }
                Some(Ended::Signal(libc::SIGKILL)) if oom_kills < self::oom_kills() => Failure::NoMemory(format!(
                    "the child was killed while the system ran out of memory (phase {phase})"
                )),
                Some(Ended::Signal(signal)) => {
                    Failure::Child(format!("the child was ended by signal {signal} (phase {phase})"))
                }
                Some(Ended::Code(code)) => Failure::Child(format!("the child ended with code {code} (phase {phase})")),
                None => Failure::Child(format!("the child ended (phase {phase})")),
            }),
        }
    }

    /// Reads until the child has closed both pipes, or has ended and left nothing in them (another process may hold their ends,
    /// if somebody forks without exec). Fails when nobody wants the output any more.
    fn attend(&mut self, heard: &mut Heard) -> io::Result<()> {
        let mut pulse = Pulse::new();
        let mut buffer = vec![0; if self.relay.is_some() { 1 << 16 } else { 0 }];
        let mut control_open = true;
        let mut quiet = false;
        while control_open || self.relay.is_some() {
            if self.child.is_cancelled() {
                self.child.kill();
            }
            // Asked before the pipes: what it left there is seen.
            let ended = quiet && self.child.has_ended();
            let (talks, flows) = self.poll(control_open)?;
            quiet = !talks && !flows;
            if quiet && ended {
                break;
            }
            if talks {
                match Message::receive(&self.control) {
                    Some(message) => self.hear(message, heard),
                    None => control_open = false,
                }
                pulse.beat();
            }
            if flows {
                if let Some((data, output)) = &mut self.relay {
                    let count = data.read(&mut buffer)?;
                    output.write_all(&buffer[..count])?;
                    if count == 0 {
                        self.relay = None;
                    }
                }
                // What waited for the reader of the output was not the child.
                pulse.beat();
            }
            if quiet && heard.failure.is_none() {
                if let Some(pid) = self.child.pid() {
                    if let Some(why) = pulse.judge(pid) {
                        heard.failure = Some(Failure::Child(format!(
                            "the child {why} (phase {})",
                            heard.phase.map_or("start", Phase::name)
                        )));
                    }
                }
                if heard.failure.is_some() {
                    self.child.kill();
                }
            }
        }
        Ok(())
    }

    fn hear(&self, message: Message, heard: &mut Heard) {
        match message {
            Message::Started { confined } => heard.confined = confined,
            Message::Progress { phase, done, total } => {
                heard.phase = Some(phase);
                (self.progress)(phase, done, total);
            }
            Message::NotSeparated { errno } => {
                let error = io::Error::from_raw_os_error(errno);
                heard.failure = Some(Failure::Refused(format!(
                    "the child could not be separated from the service: {error}"
                )));
            }
            Message::WalkFailed => heard.failure = Some(Failure::Child("V8 gave up the walk of the heap".into())),
            Message::OutputFailed { errno } => {
                heard.failure = Some(if errno == 0 {
                    Failure::Child("the child could not complete the text".into())
                } else {
                    Failure::Output(io::Error::from_raw_os_error(errno))
                });
            }
            Message::Done(produced) => heard.produced = Some(produced),
        }
    }

    /// Waits a tick for either pipe; says which has something, or has closed.
    fn poll(&self, control_open: bool) -> io::Result<(bool, bool)> {
        let entry = |fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        };
        // A negative descriptor is left out.
        let control = if control_open { self.control.as_raw_fd() } else { -1 };
        let data = self.relay.as_ref().map_or(-1, |(data, _)| data.as_raw_fd());
        let mut entries = [entry(control), entry(data)];
        // SAFETY: two valid entries.
        let ready = unsafe { libc::poll(entries.as_mut_ptr(), 2, TICK_MS) };
        if ready < 0 {
            let error = io::Error::last_os_error();
            return if error.kind() == io::ErrorKind::Interrupted {
                Ok((false, false))
            } else {
                Err(error)
            };
        }
        Ok((entries[0].revents != 0, entries[1].revents != 0))
    }
}

/// How many processes Linux has killed for want of memory. `None` where it does not say.
fn oom_kills() -> Option<u64> {
    let counters = std::fs::read_to_string("/proc/vmstat").ok()?;
    let count = counters.lines().find_map(|line| line.strip_prefix("oom_kill "))?;
    count.trim().parse().ok()
}
