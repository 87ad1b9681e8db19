//! What a server or a connection says, in words that help.

use super::super::{failure, target::ServerPlace};
use crate::error::Error;
use ::postgres::error::SqlState;
use std::error::Error as _;
use std::io;

/// Why something could not be done on a server.
#[derive(Debug)]
pub(super) enum Failure {
    /// The driver's error.
    Driver(::postgres::Error),
    /// While sending rows.
    Stream(io::Error),
    /// What we say ourselves.
    Said(Error),
    /// The thread that writes ended.
    WriterGone,
}

impl From<::postgres::Error> for Failure {
    fn from(error: ::postgres::Error) -> Self {
        Failure::Driver(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // The driver's errors come wrapped from the stream of COPY.
        match error.downcast::<::postgres::Error>() {
            Ok(error) => Failure::Driver(error),
            Err(error) => Failure::Stream(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Said(error)
    }
}

impl Failure {
    pub const WRITER_GONE: Failure = Failure::WriterGone;

    /// Whether the connection is lost or the server asks to try again.
    pub fn is_worth_another_try(&self) -> bool {
        match self {
            Failure::Stream(_) => true,
            Failure::Driver(error) => match error.code() {
                Some(code) => {
                    let code = code.code();
                    // Class 08: connection; 57P01 to 57P03: shutdown, crash, starting; class 40: rollback.
                    code.starts_with("08") || code.starts_with("57P0") || code.starts_with("40")
                }
                // Not said by the server: the connection broke.
                None => error.is_closed() || io_error(error).is_some(),
            },
            Failure::Said(_) | Failure::WriterGone => false,
        }
    }

    pub fn into_error(self, place: &ServerPlace) -> Error {
        match self {
            Failure::Said(error) => error,
            Failure::WriterGone => self.into_error_without_place(),
            Failure::Stream(error) => failure(
                format!("{place}: the connection was lost ({error})"),
                "run again; what was loaded before is kept",
            ),
            Failure::Driver(error) => describe(&error, place),
        }
    }

    pub fn into_error_without_place(self) -> Error {
        failure("the load broke off", "run again; what was loaded before is kept")
    }
}

fn io_error(error: &::postgres::Error) -> Option<&io::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io);
        }
        cause = error.source();
    }
    None
}

fn describe(error: &::postgres::Error, place: &ServerPlace) -> Error {
    let Some(said) = error.as_db_error() else {
        return match io_error(error) {
            Some(io) if io.kind() == io::ErrorKind::ConnectionRefused => failure(
                format!("{place}: no server answers there (connection refused)"),
                "start it, or correct host and port",
            ),
            Some(io) => failure(
                format!("{place}: the connection failed ({io})"),
                "check host and port and that the server runs, then run again",
            ),
            None if error.is_closed() => failure(
                format!("{place}: the server closed the connection"),
                "look into its log and run again; what was loaded before is kept",
            ),
            None => {
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                failure(
                    format!("{place}: {error}{cause}"),
                    "check the address and that the server runs",
                )
            }
        };
    };
    let message = said.message();
    let code = said.code();
    let needs_tls = message.contains("no encryption") || message.contains("SSL off");
    let advice = if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION && needs_tls {
        "the server demands TLS, which heshu does not speak: connect on loopback, by a Unix socket or through an SSH tunnel"
    } else if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        "correct user and password (in the URL or in PGPASSWORD)"
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        "create the database first (CREATE DATABASE … ENCODING 'UTF8')"
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        "let the user create and write the schema (GRANT), or name another one with --schema"
    } else if *code == SqlState::DISK_FULL {
        "make room on the server and run again; what was loaded before is kept"
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        "load into the primary server, or allow writing"
    } else if code.code().starts_with("57P") || code.code().starts_with("53") {
        "see that the server is up and has room, then run again; what was loaded before is kept"
    } else {
        "look into the server's log, then run again; what was loaded before is kept"
    };
    failure(format!("{place}: the server says: {message} ({})", code.code()), advice)
}
