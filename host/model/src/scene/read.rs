//! Reading a scene from its file. Every problem says its line, and all of them come at once.

use super::file::{File, OneOrMany, RawCampaign, RawContent, RawGiven, RawPerson, RawThen, RawTurn, companions};
use super::{
    Act, CoreAct, Given, GivenCampaign, GivenContent, Opened, Part, PartnerAct, Person, Scene, SheetAct, Then, Turn,
};
use crate::code::{self, Code};
use crate::content::Kind;
use crate::day::Day;
use crate::identity::Level;
use crate::ids::{BranchId, CampaignId};
use crate::limits::{SCENE_BYTES_MAX, SCENE_PEOPLE_MAX, SCENE_TURNS_MAX, SCENE_WAIT_MS_MAX};
use crate::money::Money;
use crate::program::{Channel, Surface};
use crate::release::Finding;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::value::{Datetime, Offset};

/// Reads a scene, or says everything that is wrong with it, line by line.
pub fn read(file: &str, text: &str) -> Result<Scene, Vec<Finding>> {
    let mut reading = Reading { file, text, findings: Vec::new() };
    if text.len() > SCENE_BYTES_MAX {
        let told = format!("{} bytes; at most {SCENE_BYTES_MAX}", text.len());
        reading.say(code::SCENE_TOO_LARGE, 0..0, told);
        return Err(reading.findings);
    }
    let raw: File = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(fault) => {
            reading.say(code::SCENE_MALFORMED, fault.span().unwrap_or(0..0), fault.message().to_owned());
            return Err(reading.findings);
        }
    };
    let title_at = raw.title.span();
    let title = raw.title.into_inner();
    if title.trim().is_empty() {
        reading.say(code::SCENE_VALUE, title_at.clone(), "title: say what the scene shows".to_owned());
    }
    if raw.when.is_empty() || raw.when.len() > SCENE_TURNS_MAX {
        let told = format!("{} [[when]]; 1 to {SCENE_TURNS_MAX} are allowed", raw.when.len());
        reading.say(code::SCENE_TOO_LARGE, title_at, told);
    }
    let given = reading.given(raw.given);
    let turns: Vec<Turn> = raw.when.into_iter().filter_map(|turn| reading.turn(turn, given.as_ref())).collect();
    match given {
        Some(given) if reading.findings.is_empty() => Ok(Scene { file: file.to_owned(), title, given, turns }),
        _ => Err(reading.findings),
    }
}

struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count()
    }
    fn say(&mut self, code: &Code, at: Range<usize>, evidence: String) {
        let place = format!("{}:{}", self.file, self.line(at.start));
        self.findings.push(Finding::error(code, place, evidence));
    }
    /// The value, or what was expected instead.
    fn value<T>(&mut self, of: Spanned<String>, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let found = read(of.get_ref());
        if found.is_none() {
            let told = format!("{expected} is expected, not `{}`", of.get_ref());
            self.say(code::SCENE_VALUE, of.span(), told);
        }
        found
    }

    fn given(&mut self, raw: RawGiven) -> Option<Given> {
        let at_ms = match raw.at {
            None => Some(AT_MS_DEFAULT),
            Some(at) => {
                let read = instant(at.get_ref());
                if read.is_none() {
                    let told = "a date, a time and its offset are expected, such as 2026-03-02T12:00:00+08:00";
                    self.say(code::SCENE_VALUE, at.span(), told.to_owned());
                }
                read
            }
        };
        let branch = match raw.branch {
            None => BranchId::parse(BRANCH_DEFAULT).ok(),
            Some(branch) => self.value(branch, "the id of a branch", |text| BranchId::parse(text).ok()),
        };
        let mut people = BTreeMap::new();
        for (name, person) in raw.people {
            if people.len() == SCENE_PEOPLE_MAX {
                self.say(code::SCENE_TOO_LARGE, name.span(), format!("more than {SCENE_PEOPLE_MAX} people"));
                break;
            }
            let at = name.span();
            let told = "a name of a-z, 0-9 and - that begins with a letter";
            let Some(name) = self.value(name, told, |text| is_name(text).then(|| text.to_owned())) else { continue };
            people.extend(self.person(at, person).map(|person| (name, person)));
        }
        let campaigns = raw.campaigns.into_iter().filter_map(|campaign| self.campaign(campaign)).collect();
        let content = raw.content.into_iter().filter_map(|entry| self.content(entry)).collect();
        Some(Given {
            at_ms: at_ms?,
            seed: u64::from(raw.seed.unwrap_or(1)),
            branch: branch?,
            channel: raw.channel.unwrap_or(Channel::Phone),
            locale: raw.locale.unwrap_or_else(|| "zh-CN".to_owned()),
            zone: raw.zone.unwrap_or_else(|| "Asia/Shanghai".to_owned()),
            config: raw.config,
            shared: raw.shared,
            counters: raw.counters,
            people,
            campaigns,
            content,
            core: raw.core,
        })
    }

    fn person(&mut self, at: Range<usize>, raw: RawPerson) -> Option<Person> {
        let part = match (raw.role, raw.level) {
            (None, level) => Part::Customer(level.unwrap_or(Level::AccountHolder)),
            (Some(role), None) => self.value(role, "manager or clerk", |text| match text {
                "manager" => Some(Part::Manager),
                "clerk" => Some(Part::Clerk),
                _ => None,
            })?,
            (Some(_), Some(_)) => {
                self.say(code::SCENE_VALUE, at, "a role is for staff, a level for customers; not both".to_owned());
                return None;
            }
        };
        let funds = match raw.funds {
            None => Money::cny(FUNDS_DEFAULT),
            Some(funds) => self.money(funds)?,
        };
        Some(Person { part, funds, storage: raw.storage, facts: raw.facts })
    }

    fn money(&mut self, of: Spanned<String>) -> Option<Money> {
        self.value(of, "money such as `12.50 CNY`", Money::parse)
    }

    fn campaign(&mut self, raw: RawCampaign) -> Option<GivenCampaign> {
        let id = self.value(raw.id, "the id of a campaign", |text| {
            CampaignId::parse(text).ok().map(|id| id.as_str().to_owned())
        })?;
        let worth = self.money(raw.worth)?;
        let minimum_spend = match raw.minimum {
            Some(minimum) => self.money(minimum)?,
            None => Money::new(0, worth.currency),
        };
        Some(GivenCampaign { id, title: raw.title, worth, minimum_spend })
    }

    fn content(&mut self, raw: RawContent) -> Option<GivenContent> {
        let kind = match raw.kind {
            None => Kind::Product,
            Some(kind) => self.value(kind, "a kind of content, such as product", Kind::parse)?,
        };
        if raw.titles.get_ref().is_empty() {
            self.say(code::SCENE_VALUE, raw.titles.span(), "titles: in one language at least".to_owned());
            return None;
        }
        let price = match raw.price {
            None => None,
            Some(price) => Some(self.money(price)?),
        };
        let RawContent { titles, summaries, stock, tags, details, .. } = raw;
        Some(GivenContent { kind, titles: titles.into_inner(), summaries, price, stock, tags, details })
    }

    fn turn(&mut self, spanned: Spanned<RawTurn>, given: Option<&Given>) -> Option<Turn> {
        let at = spanned.span();
        let mut raw = spanned.into_inner();
        let then = std::mem::take(&mut raw.then);
        let who = raw.who.take();
        let act = self.act(at.clone(), raw)?;
        if matches!(act, Act::Core(_)) && given.is_some_and(|given| !given.core) {
            self.say(
                code::SCENE_VALUE,
                at,
                "core: say `core = true` under [given]: so it carries the accounts".to_owned(),
            );
            return None;
        }
        if act.is_somebodys() && who.is_none() {
            self.say(code::SCENE_VALUE, at, "who: say whose page it is".to_owned());
            return None;
        }
        if let (Some(who), Some(given)) = (&who, given)
            && !given.people.contains_key(who.get_ref())
        {
            let told = format!("`{}` is not among [given.people]", who.get_ref());
            self.say(code::SCENE_VALUE, who.span(), told);
            return None;
        }
        let RawThen { screen, sheet, effects, asked, refused } = then;
        Some(Turn {
            line: self.line(at.start),
            who: who.map(Spanned::into_inner),
            act,
            then: Then { screen, sheet, effects, asked, refused },
        })
    }

    /// The one thing that a turn is, and nothing that belongs to another.
    fn act(&mut self, at: Range<usize>, raw: RawTurn) -> Option<Act> {
        let named = [
            ("open", raw.open.is_some()),
            ("tap", raw.tap.is_some()),
            ("submit", raw.submit.is_some()),
            ("fill", raw.fill.is_some()),
            ("sheet", raw.sheet.is_some()),
            ("look", raw.look),
            ("leave", raw.leave),
            ("resume", raw.resume),
            ("wait", raw.wait.is_some()),
            ("partner", raw.partner.is_some()),
            ("core", raw.core.is_some()),
        ];
        let named: Vec<&str> = named.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
        let [verb] = named.as_slice() else {
            let told = match named.is_empty() {
                true => "nothing happens: open, tap, submit, fill, sheet, look, leave, resume, wait, partner or core"
                    .to_owned(),
                false => format!("{} at once; one [[when]] is one thing that happens", named.join(" and ")),
            };
            self.say(code::SCENE_TURN, at, told);
            return None;
        };
        for (name, there, verbs) in companions(&raw) {
            if there && !verbs.contains(verb) {
                self.say(code::SCENE_TURN, at.clone(), format!("{name} says nothing about {verb}"));
            }
        }
        self.acted(at, raw)
    }

    fn acted(&mut self, at: Range<usize>, raw: RawTurn) -> Option<Act> {
        if let Some(page) = raw.open {
            let query = raw.query.into_iter().collect();
            let surface = raw.surface.unwrap_or(Surface::Page);
            let (channel, locale, elder_mode) = (raw.channel, raw.locale, raw.large);
            return Some(Act::Open(Opened { page, query, channel, locale, elder_mode, surface }));
        }
        if let Some(node) = raw.tap {
            return Some(Act::Tap { node, value: raw.value });
        }
        if let Some(form) = raw.submit {
            let Some(button) = raw.by else {
                self.say(code::SCENE_TURN, at, "by: say with which button the form is submitted".to_owned());
                return None;
            };
            let (values, emptied) = entered(raw.values);
            return Some(Act::Submit { form, button, values, emptied });
        }
        if let Some(node) = raw.fill {
            let Some(value) = raw.value else {
                self.say(code::SCENE_TURN, at, "value: say what is entered".to_owned());
                return None;
            };
            return Some(Act::Fill { node, value });
        }
        if let Some(sheet) = raw.sheet {
            let answers: Vec<(String, String)> = raw.answers.into_iter().collect();
            return self.value(sheet, "confirm, decline or expire", |text| match text {
                "confirm" => Some(Act::Sheet(SheetAct::Confirm(answers))),
                "decline" => Some(Act::Sheet(SheetAct::Decline)),
                "expire" => Some(Act::Sheet(SheetAct::Expire)),
                _ => None,
            });
        }
        if let Some(wait) = raw.wait {
            let told = format!("a time such as 30s, 5m, 2h or 1d, of at most {} d", SCENE_WAIT_MS_MAX / DAY_MS);
            return self.value(wait, &told, |text| duration_ms(text).map(|ms| Act::Wait { ms }));
        }
        if let Some(core) = raw.core {
            let told = "done, refused, pending, unknown, silent or away";
            if raw.code.is_some() && core.get_ref() != "refused" {
                self.say(code::SCENE_TURN, at, "code says why it is refused, and nothing else".to_owned());
                return None;
            }
            return self.value(core, told, |text| CoreAct::of_name(text, raw.code).map(Act::Core));
        }
        if let Some(endpoint) = raw.partner {
            return self.partner(at, endpoint, raw.reply, raw.hangs, raw.away, raw.tells, raw.of_call, raw.body);
        }
        Some(match (raw.leave, raw.resume) {
            (true, _) => Act::Leave,
            (_, true) => Act::Resume,
            _ => Act::Look,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "each is a member of the file")]
    fn partner(
        &mut self,
        at: Range<usize>,
        endpoint: String,
        reply: Option<Spanned<u16>>,
        hangs: bool,
        away: bool,
        tells: Option<String>,
        of_call: bool,
        body: Option<String>,
    ) -> Option<Act> {
        let body = body.unwrap_or_default();
        match (reply, hangs, away, tells) {
            (Some(status), false, false, None) => {
                let (span, status) = (status.span(), status.into_inner());
                if !(100..600).contains(&status) {
                    self.say(code::SCENE_VALUE, span, format!("{status} is no status of HTTP"));
                    return None;
                }
                Some(Act::Partner { endpoint, answer: PartnerAct::Reply { status, body } })
            }
            (None, true, false, None) => Some(Act::Partner { endpoint, answer: PartnerAct::Hangs }),
            (None, false, true, None) => Some(Act::Partner { endpoint, answer: PartnerAct::Away }),
            (None, false, false, Some(topic)) => Some(Act::Webhook { endpoint, topic, of_call, body }),
            _ => {
                let told = "a partner does one thing: reply = STATUS, hangs = true, away = true or tells = \"TOPIC\"";
                self.say(code::SCENE_TURN, at, told.to_owned());
                None
            }
        }
    }
}

/// 2 March 2026, noon in Shanghai: a Monday.
const AT_MS_DEFAULT: i64 = 1_772_424_000_000;
const BRANCH_DEFAULT: &str = "suzhou";
/// 1,000.00 CNY.
const FUNDS_DEFAULT: i64 = 100_000;
const DAY_MS: i64 = 86_400_000;

fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.as_bytes()[0].is_ascii_lowercase()
}

/// What is entered into a form's fields, and the fields for which an empty list says that it is nothing.
fn entered(values: BTreeMap<String, OneOrMany>) -> (Vec<(String, String)>, Vec<String>) {
    let (mut entered, mut emptied) = (Vec::new(), Vec::new());
    for (name, given) in values {
        let list = given.into_list();
        if list.is_empty() {
            emptied.push(name);
        } else {
            entered.extend(list.into_iter().map(|one| (name.clone(), one)));
        }
    }
    (entered, emptied)
}

/// `30s`, `5m`, `2h`, `1d`.
fn duration_ms(text: &str) -> Option<i64> {
    let unit_ms = match text.as_bytes().last()? {
        b's' => 1_000,
        b'm' => 60_000,
        b'h' => 3_600_000,
        b'd' => DAY_MS,
        _ => return None,
    };
    let number: i64 = text[..text.len() - 1].parse().ok()?;
    let ms = number.checked_mul(unit_ms)?;
    (1..=SCENE_WAIT_MS_MAX).contains(&ms).then_some(ms)
}

fn instant(at: &Datetime) -> Option<i64> {
    let (date, time) = (at.date?, at.time?);
    let ahead_min = match at.offset? {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes),
    };
    let since_midnight_s =
        i64::from(time.hour) * 3_600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0));
    Some(Day::parse(&date.to_string())?.begins_ms(ahead_min * 60) + since_midnight_s * 1_000)
}
