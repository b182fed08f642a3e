//! A page for each command, from the parser itself.

use super::{Page, cell};
use clap::{Arg, Command, CommandFactory};

pub fn page() -> Page {
    let mut root = crate::CommandLine::command();
    root.build();
    let mut text = String::from(
        "# The command line\n\n`xitai` is host, command line and demo in one binary. `--json` prints one JSON document. A command ends \
         with 0 when it is done, 1 when it was refused, 2 when it was asked the wrong way.\n\n| command | does |\n|---|---|\n",
    );
    let shown: Vec<&Command> =
        root.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help").collect();
    for command in &shown {
        let name = command.get_name();
        text.push_str(&format!("| [`xitai {name}`]({name}.md) | {} |\n", cell(&about(command))));
    }
    let below = shown.iter().map(|command| of(command)).collect();
    Page { below, ..Page::new("commands/README.md", "Command line", text) }
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn of(command: &Command) -> Page {
    let name = command.get_name();
    let mut text = format!("# xitai {name}\n\n{}.\n", about(command));
    describe(command, &mut text);
    for below in command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help") {
        text.push_str(&format!("\n## xitai {name} {}\n\n{}.\n", below.get_name(), about(below)));
        describe(below, &mut text);
    }
    Page::new(format!("commands/{name}.md"), format!("xitai {name}"), text)
}

/// How it is called, and what each argument says.
fn describe(command: &Command, text: &mut String) {
    let usage = command.clone().render_usage().to_string();
    text.push_str(&format!("\n```text\n{}\n```\n", usage.trim_start_matches("Usage: ")));
    let shown = |arg: &&Arg| !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version");
    let arguments: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    if arguments.is_empty() {
        return;
    }
    text.push_str("\n| argument | environment | default | means |\n|---|---|---|---|\n");
    for argument in arguments {
        let environment = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
        let default = argument.get_default_values().first().filter(|_| argument.get_action().takes_values());
        let default = default.map(|value| format!("`{}`", value.to_string_lossy())).unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let row = format!("| `{}` | {environment} | {default} | {} |\n", cell(&called(argument)), cell(&help));
        text.push_str(&row);
    }
}

/// As it is typed: `--lang <LANG>`, `[PATH]`.
fn called(argument: &Arg) -> String {
    let value = argument.get_value_names().and_then(|names| names.first()).map(|name| format!("<{name}>"));
    let value = value.filter(|_| argument.get_action().takes_values()).unwrap_or_default();
    let choices: Vec<String> = argument.get_possible_values().iter().map(|it| it.get_name().to_owned()).collect();
    let takes = argument.get_action().takes_values() && !choices.is_empty();
    let value = if takes { choices.join("|") } else { value };
    match (argument.get_long(), argument.get_short()) {
        (Some(long), Some(short)) => format!("-{short}, --{long} {value}").trim_end().to_owned(),
        (Some(long), None) => format!("--{long} {value}").trim_end().to_owned(),
        (None, Some(short)) => format!("-{short} {value}").trim_end().to_owned(),
        (None, None) => value,
    }
}
