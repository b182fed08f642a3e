//! The terminal itself.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// While this lives, what is typed is not shown.
pub struct Hidden(Termios);

/// Hides what is typed; nothing where standard input is no terminal.
pub fn hide_typing() -> Option<Hidden> {
    let stdin = std::io::stdin();
    let shown = tcgetattr(&stdin).ok()?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Now, &hidden).ok()?;
    Some(Hidden(shown))
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // The terminal may be gone; there is nothing to show then.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}
