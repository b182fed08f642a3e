//! Passkeys, bindings and challenges: each has one owner, and a challenge has one answer.

use super::{Batch, moved};
use crate::commit::overlay::{BindingColumns, ChallengeColumns, ChallengeNow, PasskeyColumns};
use crate::ledger::word;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::{Binding, Who};
use xitai_model::presence::{Challenge, Passkey};

/// As the column has it.
fn who_column(who: &Who) -> String {
    serde_json::to_string(who).expect("an id is plain JSON")
}

impl Batch {
    pub(super) fn presence(&mut self, change: &Change) -> Result<(), CommitRefusal> {
        match change {
            Change::Binding(binding) => self.binding(binding),
            Change::BindingRemoved(key) => {
                self.overlay.bindings.put(key.to_string(), None);
                Ok(())
            }
            Change::Passkey(passkey) => self.passkey(passkey),
            Change::PasskeyRemoved { id, who } => match self.overlay.passkeys.get(id) {
                Some(Some(there)) if there.who == who_column(who) => {
                    self.overlay.passkeys.put(id.clone(), None);
                    Ok(())
                }
                _ => Err(moved(format!("passkey {id} is not there"))),
            },
            Change::Challenge(challenge) => {
                self.challenge(challenge);
                Ok(())
            }
            Change::ChallengeTaken(id) => match self.overlay.challenges.get(id) {
                Some(Some(_)) => {
                    self.overlay.challenges.put(id.clone(), None);
                    Ok(())
                }
                _ => Err(moved("the challenge was answered")),
            },
            other => unreachable!("no change of presence: {other:?}"),
        }
    }

    fn binding(&mut self, binding: &Binding) -> Result<(), CommitRefusal> {
        let (key, who) = (binding.key.to_string(), who_column(&binding.who));
        if let Some(Some(there)) = self.overlay.bindings.get(&key) {
            return if there.who == who { Ok(()) } else { Err(moved("the provider's subject is somebody else's")) };
        }
        let columns = BindingColumns { provider: binding.provider.clone(), who, made_ms: binding.made_ms };
        self.overlay.bindings.put(key, Some(columns));
        Ok(())
    }

    fn passkey(&mut self, passkey: &Passkey) -> Result<(), CommitRefusal> {
        let who = who_column(&passkey.who);
        if let Some(Some(there)) = self.overlay.passkeys.get(&passkey.id)
            && there.who != who
        {
            return Err(moved(format!("passkey {} is somebody else's", passkey.id)));
        }
        let columns = PasskeyColumns {
            who,
            name: passkey.name.clone(),
            made_ms: passkey.made_ms,
            used_ms: passkey.used_ms,
            credential: passkey.credential.clone(),
        };
        self.overlay.passkeys.put(passkey.id.clone(), Some(columns));
        Ok(())
    }

    fn challenge(&mut self, challenge: &Challenge) {
        let columns = ChallengeColumns {
            purpose: word(&challenge.purpose),
            who: challenge.who.as_ref().map(who_column),
            expires_ms: challenge.expires_ms,
            body: challenge.body.to_string(),
        };
        self.overlay.challenges.put(challenge.id.clone(), Some(ChallengeNow { written: Some(columns) }));
    }
}
