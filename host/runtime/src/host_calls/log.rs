//! `log`: lines for the publisher. They are kept also when the call comes to nothing.

use crate::bindings::xitai::services::log as wit;
use crate::calls::CallState;
use serde::Serialize;
use xitai_model::code;
use xitai_model::commit::LogLine;
use xitai_model::limits::{LOG_LINE_BYTES_MAX, LOG_LINES_MAX};

#[derive(Serialize)]
struct Write {
    level: &'static str,
    text: String,
}

fn name(level: wit::Level) -> &'static str {
    match level {
        wit::Level::Debug => "debug",
        wit::Level::Info => "info",
        wit::Level::Warn => "warn",
        wit::Level::Error => "error",
    }
}

/// The line as far as it may be kept, without what would move a terminal's cursor.
pub(crate) fn plain(text: &str) -> (String, bool) {
    let end = text.floor_char_boundary(LOG_LINE_BYTES_MAX);
    let line = text[..end].chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c });
    (line.collect(), end < text.len())
}

impl CallState {
    pub(crate) fn log_line(&self, level: &str, code: &str, text: String) -> LogLine {
        LogLine {
            program: self.scope.program.clone(),
            version: self.scope.release.version.to_string(),
            branch: self.scope.branch.clone(),
            session: Some(self.scope.session.clone()),
            at_ms: self.now_ms,
            level: level.to_owned(),
            code: code.to_owned(),
            text,
        }
    }

    fn keep_line(&mut self, level: &str, text: &str) {
        if self.logs.len() > LOG_LINES_MAX {
            return;
        }
        if self.logs.len() == LOG_LINES_MAX {
            let dropped =
                self.log_line("warn", code::LIMIT_LOG.code, "Further lines of this call were dropped.".to_owned());
            self.logs.push(dropped);
            return;
        }
        let (text, cut) = plain(text);
        let code = if cut { code::LIMIT_LOG.code } else { "" };
        let line = self.log_line(level, code, text);
        self.logs.push(line);
    }
}

impl wit::Host for CallState {
    fn write(&mut self, level: wit::Level, text: String) -> wasmtime::Result<()> {
        let line = Write { level: name(level), text };
        self.answer_always("log.write", line, |state, _, line| {
            state.keep_line(line.level, &line.text);
            Ok(())
        })
    }
}
