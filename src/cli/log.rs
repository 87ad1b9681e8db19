//! What is said on standard error: messages, progress, the summary; for people or one JSON object a line.

use clap::{Args, ValueEnum};
use heshu::batch::Summary;
use heshu::batch::summary::error_code;
use heshu::error::Error;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How much is said, and in which form.
#[derive(Args, Clone, Copy, Default)]
pub struct Log {
    /// Say only what failed: no summary, no notes, no progress
    #[arg(long, short)]
    quiet: bool,
    /// Form of the messages on standard error
    #[arg(long = "log", value_enum, default_value_t, value_name = "FORM")]
    form: Form,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people: PATH: what is wrong; what to do
    #[default]
    Text,
    /// One JSON object a line: level, path, code, message
    Json,
}

impl Log {
    /// A file that gave no record: `PATH: what is wrong; what to do`.
    pub fn error(self, shown: &str, error: &Error) {
        self.failed(shown, error_code(&error.kind), &error.to_string());
    }

    /// As [`Log::error`], of an error that is known by its code and words alone.
    pub fn failed(self, shown: &str, code: &str, message: &str) {
        self.say("error", Some(shown), code, message);
    }

    /// Something that the user shall know and that cost nothing.
    pub fn warning(self, shown: &str, code: &str, message: &str) {
        if !self.quiet {
            self.say("warning", Some(shown), code, message);
        }
    }

    /// The end of a run that could not go on.
    pub fn fatal(self, error: &anyhow::Error) {
        let code = error.downcast_ref::<Error>().map_or("failed", |e| error_code(&e.kind));
        let message = format!("{error:#}");
        match self.form {
            Form::Text => line(&format!("heshu: {message}")),
            Form::Json => self.say("error", None, code, &message),
        }
    }

    /// The end of a run: the counts, and lines about the run itself (name, number, remark).
    pub fn summary(self, summary: &Summary, lines: &[(&'static str, usize, String)], end: &str) {
        if self.quiet {
            return;
        }
        match self.form {
            Form::Text => {
                let mut text = format!("{summary}\n");
                for (name, number, remark) in lines.iter().filter(|(_, number, _)| *number > 0) {
                    let line = format!("{name:<14}{number:<8}{remark}");
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
                line(&format!("{text}{end}"));
            }
            Form::Json => {
                let mut counts = json!(summary);
                for (name, number, _) in lines {
                    counts[name.replace(' ', "_")] = json!(number);
                }
                Message {
                    level: "info",
                    path: None,
                    code: "summary",
                    message: end,
                    summary: Some(counts),
                }
                .write();
            }
        }
    }

    /// The end of another kind of run: text for people, the same as JSON.
    pub fn end(self, code: &str, text: &str, end: &str, summary: &Value) {
        if self.quiet {
            return;
        }
        match self.form {
            Form::Text => line(&format!("{text}{end}")),
            Form::Json => {
                let object = json!({
                    "level": "info", "path": Value::Null, "code": code, "message": end, "summary": summary
                });
                line(&object.to_string());
            }
        }
    }

    /// A bar on a terminal, nothing elsewhere.
    pub fn progress(self, what: &'static str, items: usize) -> Progress {
        let hidden = self.quiet || self.form == Form::Json || !io::stderr().is_terminal() || items < 2;
        if hidden {
            return Progress {
                bar: ProgressBar::hidden(),
                failures: 0,
            };
        }
        let bar = ProgressBar::with_draw_target(Some(items as u64), ProgressDrawTarget::stderr());
        let template = "{prefix} {bar:30} {pos}/{len}, {rate}/s, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, w: &mut dyn fmt::Write| {
                // A bar that cannot be drawn is no failure.
                let _ = write!(w, "{:.1}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate));
        }
        bar.set_prefix(what);
        // A file that takes long shall not look like a halt.
        bar.enable_steady_tick(Duration::from_millis(500));
        Progress { bar, failures: 0 }
    }

    fn say(self, level: &str, shown: Option<&str>, code: &str, message: &str) {
        match (self.form, shown) {
            (Form::Text, Some(shown)) => line(&one_line(&format!("{shown}: {message}"))),
            (Form::Text, None) => line(&one_line(message)),
            (Form::Json, path) => Message {
                level,
                path,
                code,
                message,
                summary: None,
            }
            .write(),
        }
    }
}

/// A line of `--log json`.
#[derive(Serialize)]
struct Message<'a> {
    level: &'a str,
    path: Option<&'a str>,
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Value>,
}

impl Message<'_> {
    fn write(&self) {
        // Texts and numbers: there is nothing in it that could fail.
        line(&serde_json::to_string(self).unwrap_or_default());
    }
}

/// The names of files may hold line breaks and what moves a terminal's cursor; a message is one line all the same.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// One write a message: lines of two processes or threads do not mix. Nobody is left to tell when even that fails.
fn line(text: &str) {
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// A bar with position, rate, remaining time and failures so far.
pub struct Progress {
    bar: ProgressBar,
    failures: usize,
}

impl Progress {
    /// One more is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// One more has failed; `say` may print, the bar makes way.
    pub fn failed(&mut self, say: impl FnOnce()) {
        self.failures += 1;
        self.bar.set_message(format!(", {} failed", self.failures));
        self.bar.suspend(say);
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
