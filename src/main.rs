//! Command line of heshu: arguments to one subcommand to an exit code. All printing and exit policy is in [`cli`].

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
