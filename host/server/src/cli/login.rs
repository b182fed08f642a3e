//! `xitai login`: signs in to a host and keeps the token for the other commands.

use super::client::{Client, ClientFault, SignIns};
use super::report::{self, Ended};
use clap::Args;
use serde_json::{Value, json};
use std::io::{self, BufRead, IsTerminal, Write};

/// Sign in to a host
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// The host's address, such as http://127.0.0.1:8080
    pub url: String,
    /// The sign-in name; asked for where it is not given
    #[arg(long, short, env = "XITAI_LOGIN")]
    pub login: Option<String>,
    /// Read the password from standard input; XITAI_PASSWORD works too
    #[arg(long)]
    pub password_stdin: bool,
    /// Keep a machine's token instead, read from standard input; XITAI_TOKEN works too
    #[arg(long, conflicts_with_all = ["login", "password_stdin"])]
    pub token: bool,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: LoginArgs) -> Ended {
    match login(&args) {
        Ok((who, path)) => {
            let line = format!("Signed in to {} as {who}. The sign-in is kept in {path}.", args.url);
            report::done(args.json, &json!({ "host": args.url, "who": who, "kept": path }), &line)
        }
        Err(fault) => fault.end(args.json),
    }
}

fn login(args: &LoginArgs) -> Result<(String, String), ClientFault> {
    if args.token {
        return by_token(args);
    }
    let login = match &args.login {
        Some(login) => login.clone(),
        None => asked("Sign-in name: ", true)?,
    };
    let password = match std::env::var("XITAI_PASSWORD") {
        Ok(password) if !args.password_stdin => password,
        _ if args.password_stdin || !io::stdin().is_terminal() => line_of_stdin()?,
        _ => asked("Password: ", false)?,
    };
    let client = Client::new(&args.url, None);
    let answer = client.post("/tokens", &json!({ "login": login, "password": password }))?;
    let Some(token) = answer["token"].as_str() else {
        return Err(ClientFault::new(
            "client.no-token",
            "The host gave no token.",
            "Is the address that of a Xitai host?",
        ));
    };
    Ok((login, keep(&client.host, token)?))
}

/// Keeps a token that somebody made for this machine, once the host has said whose it is.
fn by_token(args: &LoginArgs) -> Result<(String, String), ClientFault> {
    let token = match std::env::var("XITAI_TOKEN") {
        Ok(token) if !token.is_empty() => token,
        _ if !io::stdin().is_terminal() => line_of_stdin()?,
        _ => asked("Token: ", false)?,
    };
    let client = Client::new(&args.url, Some(token.clone()));
    let who = client.get("/me")?;
    Ok((who["id"].as_str().unwrap_or_default().to_owned(), keep(&client.host, &token)?))
}

fn keep(host: &str, token: &str) -> Result<String, ClientFault> {
    let mut kept = SignIns::read();
    kept.tokens.insert(host.to_owned(), Value::from(token));
    kept.last = Some(host.to_owned());
    let path = kept.keep().map_err(|fault| {
        ClientFault::new(
            "client.not-kept",
            format!("The sign-in could not be kept: {fault}."),
            "Set XITAI_CONFIG to a folder.",
        )
    })?;
    Ok(path.display().to_string())
}

fn asked(prompt: &str, shown: bool) -> Result<String, ClientFault> {
    eprint!("{prompt}");
    // A prompt that cannot be shown is no reason to stop.
    let _ = io::stderr().flush();
    let _quiet = (!shown).then(super::terminal::hide_typing).flatten();
    let line = line_of_stdin();
    if !shown {
        eprintln!();
    }
    line
}

fn line_of_stdin() -> Result<String, ClientFault> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let line = line.trim_end_matches(['\n', '\r']).to_owned();
    if read.is_err() || line.is_empty() {
        return Err(ClientFault::new("client.no-input", "Nothing was typed.", "Give --login and XITAI_PASSWORD."));
    }
    Ok(line)
}
