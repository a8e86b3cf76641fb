//! Redacts a heap snapshot: `redact [--keys SALT] [--keep SOURCE]... < in.heapsnapshot > out.heapsnapshot`.
//!
//! SALT is a text of at most 16 bytes. The report goes to standard error. The input may be compressed.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use rs_profiler_core::format::compressed;
use rs_profiler_core::format::heapsnapshot_redact::{KeepPattern, KeySalt, RedactOptions, Redactor};

fn options() -> Result<RedactOptions, Box<dyn std::error::Error>> {
    let mut options = RedactOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("each option has a value")?;
        match name.as_str() {
            "--keys" => {
                let mut salt = [0; 16];
                for (place, byte) in salt.iter_mut().zip(value.bytes()) {
                    *place = byte;
                }
                options.keys = Some(KeySalt::new(salt));
            }
            "--keep" => options.keep.push(Box::new(KeepPattern::new(&value, "")?)),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    Ok(options)
}

fn redact() -> Result<(), Box<dyn std::error::Error>> {
    let sink = BufWriter::new(io::stdout().lock());
    let mut redactor = Redactor::new(sink, options()?);
    io::copy(&mut compressed::open(io::stdin().lock())?, &mut redactor)?;
    let (mut sink, report) = redactor.finish()?;
    sink.flush()?;
    writeln!(io::stderr(), "{report:?}")?;
    Ok(())
}

fn main() -> ExitCode {
    match redact() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when this fails.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
