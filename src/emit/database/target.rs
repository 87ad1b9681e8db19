//! Where a load goes: `postgres://…` or the path of a SQLite file.

use super::failure;
use crate::error::Result;
use ::postgres::config::{Host, SslMode};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A database.
#[derive(Clone)]
pub enum Target {
    /// A PostgreSQL server.
    Postgres(ServerPlace),
    /// A SQLite file.
    Sqlite(PathBuf),
}

/// A PostgreSQL server and database; printed without the password.
#[derive(Clone)]
pub struct ServerPlace {
    pub(super) config: Box<::postgres::Config>,
}

impl Target {
    /// Reads `postgres://USER@HOST:PORT/DATABASE` or a path.
    ///
    /// `password` is used where the URL holds none.
    ///
    /// # Errors
    /// When the URL cannot be understood. What it says is never repeated: it may hold a password.
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self> {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            None if text.is_empty() => Err(failure("no database is named", "give a path or postgres://…")),
            None => Ok(Target::Sqlite(PathBuf::from(text))),
            Some("postgres" | "postgresql") => ServerPlace::parse(text, password).map(Target::Postgres),
            Some(other) if other.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => Err(failure(
                format!("a database of the kind {other}:// is not known"),
                "give postgres://… or the path of a SQLite file",
            )),
            Some(_) => Ok(Target::Sqlite(PathBuf::from(text))),
        }
    }
}

impl ServerPlace {
    fn parse(text: &str, password: Option<&str>) -> Result<Self> {
        let no_tls = || {
            failure(
                "the URL demands TLS, which heshu does not speak",
                "connect on loopback, by a Unix socket or through an SSH tunnel, without sslmode",
            )
        };
        // The driver knows fewer values than PostgreSQL's own programs.
        if ["sslmode=verify-ca", "sslmode=verify-full"]
            .iter()
            .any(|mode| text.contains(mode))
        {
            return Err(no_tls());
        }
        let config = ::postgres::Config::from_str(text).ok();
        // A password with @ would be taken for a part of the host or the database, and shown.
        let Some(mut config) = config.filter(|c| !names(c).any(|name| name.contains('@'))) else {
            return Err(failure(
                "the URL of the database cannot be understood",
                "write postgres://USER:PASSWORD@HOST:PORT/DATABASE; special characters of the password as %XX, or the \
                 password in the environment variable PGPASSWORD",
            ));
        };
        if config.get_ssl_mode() == SslMode::Require {
            return Err(no_tls());
        }
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password);
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host("localhost");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(std::time::Duration::from_secs(20));
        }
        if config.get_application_name().is_none() {
            config.application_name("heshu load");
        }
        Ok(ServerPlace {
            config: Box::new(config),
        })
    }
}

/// Names that messages show.
fn names(config: &::postgres::Config) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    fn shown(host: &Host) -> std::borrow::Cow<'_, str> {
        match host {
            Host::Tcp(name) => name.as_str().into(),
            #[cfg(unix)]
            Host::Unix(path) => path.to_string_lossy(),
        }
    }
    let database = config.get_dbname().map(std::borrow::Cow::from);
    config.get_hosts().iter().map(shown).chain(database)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Postgres(server) => server.fmt(f),
            Target::Sqlite(path) => path.display().fmt(f),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ServerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => f.write_str(host)?,
            #[cfg(unix)]
            Some(Host::Unix(path)) => write!(f, "{}", path.display())?,
            None => {
                if let Some(address) = self.config.get_hostaddrs().first() {
                    write!(f, "{address}")?;
                }
            }
        }
        if let Some(port) = self.config.get_ports().first() {
            write!(f, ":{port}")?;
        }
        if let Some(name) = self.config.get_dbname() {
            write!(f, "/{name}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ServerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let target = Target::parse("postgres://u:geheim@h:5433/d?sslmode=disable", None).unwrap();
        assert_eq!(
            format!("{target} {target:?}"),
            "postgres://u@h:5433/d postgres://u@h:5433/d"
        );
        for wrong in [
            "postgres://u:ge@heim@h/d",
            "postgres://u:g@h/heim@h/d",
            "postgres://u:geheim@h:port/d",
            "postgres://u:geheim@h/d?sslmode=verify-full",
            "postgres://u:geheim@h/d?sslmode=require",
            "mysql://u:geheim@h/d",
        ] {
            let error = Target::parse(wrong, None).unwrap_err().to_string();
            assert!(!error.contains("heim") && error.contains("; "), "{error}");
        }
        assert!(matches!(Target::parse("heshu.db", None), Ok(Target::Sqlite(_))));
    }
}
