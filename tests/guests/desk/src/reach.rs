//! Commands about reaching the customer, their manager and their device.

use crate::script::Said;
use serde::{Deserialize, Serialize};
use xitai::prelude::*;
use xitai::services::{attachments, locator, notices, printer, programs, relationship, sharing};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    Subscribe(Vec<String>),
    Notify {
        template: String,
        key: String,
        #[serde(default)]
        to: Option<String>,
        #[serde(default)]
        values: Vec<(String, String)>,
        #[serde(default)]
        not_before: Option<i64>,
    },
    Balance {
        template: String,
        #[serde(default)]
        to: Option<String>,
    },
    Manager,
    Note {
        purpose: String,
        text: String,
        key: String,
    },
    Thread(String),
    Programs,
    Start {
        program: String,
        page: String,
        #[serde(default)]
        query: Vec<(String, String)>,
    },
    Locate(String),
    Attach {
        purpose: String,
        accept: Vec<String>,
    },
    /// Describes a file and says how many bytes it reads as, and how they begin.
    File(String),
    Unfile(String),
    Print {
        title: String,
        lines: Vec<(String, String)>,
        #[serde(default)]
        code: Option<String>,
    },
    Share {
        page: String,
        #[serde(default)]
        query: Vec<(String, String)>,
        text: String,
    },
}

fn pairs(query: &[(String, String)]) -> Vec<(&str, &str)> {
    query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Reads a file to its end.
fn whole(handle: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    loop {
        let piece = attachments::read(handle, bytes.len() as u64)?;
        if piece.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(piece);
    }
}

pub fn perform(what: &What) -> Result<Said, Refusal> {
    Ok(Said::Text(match what {
        What::Subscribe(templates) => {
            let templates: Vec<&str> = templates.iter().map(String::as_str).collect();
            return Ok(Said::Sheet(notices::subscribe(&templates)?));
        }
        What::Notify { template, key, to, values, not_before } => {
            let mut notice = notices::notice(template, key);
            if let Some(to) = to {
                notice = notice.to(to);
            }
            if let Some(at_ms) = not_before {
                notice = notice.not_before(*at_ms);
            }
            for (name, value) in values {
                notice = notice.value(name, value.as_str());
            }
            format!("notice:{key}:{}", notice.send()?)
        }
        What::Balance { template, to } => {
            let left = match to {
                Some(to) => notices::balance_of(to, template)?,
                None => notices::balance(template)?,
            };
            format!("balance:{template}:{left}")
        }
        What::Programs => {
            let listed = programs::open_here()?;
            format!("programs:{}", listed.iter().map(|it| it.program.as_str()).collect::<Vec<_>>().join("|"))
        }
        What::Start { program, page, query } => {
            return Ok(Said::Sheet(programs::start(program, page, &pairs(query))?));
        }
        What::Locate(purpose) => return Ok(Said::Sheet(locator::request(purpose)?)),
        What::Attach { purpose, accept } => {
            let accept: Vec<&str> = accept.iter().map(String::as_str).collect();
            return Ok(Said::Sheet(attachments::request(purpose, &accept)?));
        }
        What::File(handle) => {
            let file = attachments::describe(handle)?;
            let bytes = whole(handle)?;
            let begins: String = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("file:{}:{}:{}:{}:{begins}", file.name, file.media_type, file.size, bytes.len())
        }
        What::Unfile(handle) => {
            attachments::remove(handle)?;
            "removed".to_owned()
        }
        What::Print { title, lines, code } => {
            let mut document = printer::document(title).note("Thank you.");
            for (name, value) in lines {
                document = document.line(name.as_str(), value.as_str());
            }
            if let Some(code) = code {
                document = document.code(code.as_str());
            }
            return Ok(Said::Sheet(document.request()?));
        }
        What::Share { page, query, text } => return Ok(Said::Sheet(sharing::request(page, &pairs(query), text)?)),
        What::Manager => format!("manager:{}", relationship::manager_name()?),
        What::Note { purpose, text, key } => {
            relationship::note(purpose, text, key)?;
            format!("noted:{key}")
        }
        What::Thread(purpose) => {
            let (messages, more) = relationship::thread(purpose, None)?;
            let told = messages.iter().map(|it| format!("{:?}={}", it.author, it.text));
            format!("thread:{}:{}", told.collect::<Vec<_>>().join("|"), more.is_some()).replace("Author::", "")
        }
    }))
}
