//! The stage: the newest package on a bank, who acts, and everything that happened. One thing happens after the other.

use super::builder::Fault;
use super::ground::{self, Ground};
use super::moment::{Moment, Moments, What};
use super::{act, observe};
use crate::app::cost::Heard;
use crate::app::session::SessionView;
use crate::http::problem::Problem;
use crate::package::Package;
use crate::scene::bank::Bank;
use crate::scene::play::{Page, Player};
use crate::scene::record::PlayedTurn;
use crate::scene::{Rehearsal, Unplayed};
use tempfile::TempDir;
use xitai_model::code;
use xitai_model::identity::How;
use xitai_model::ids::SessionId;
use xitai_model::program::{Channel, Surface};
use xitai_model::scene::{Act, Opened, Then, Turn};

pub struct Stage {
    scratch: TempDir,
    pub play: Option<Play>,
    pub look: Look,
    /// What is to be said about the newest thing that the developer asked for.
    pub note: Option<Note>,
}

/// How pages are opened from here on.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    pub locale: Option<String>,
    pub large: bool,
    pub channel: Option<Channel>,
    /// Whether the bank's core carries the accounts, whatever the scene says whose bank it is.
    pub core: bool,
}

#[derive(Debug, Clone, serde::Serialize)]
pub struct Note {
    /// `afresh` where beginning anew is the way out.
    pub kind: &'static str,
    pub text: String,
}

/// A package on a bank.
pub struct Play {
    pub rehearsal: Rehearsal,
    pub ground: Ground,
    pub bank: Bank,
    pub who: String,
    pub pages: crate::scene::play::Pages,
    pub moments: Moments,
}

type Done<T> = Result<T, Unplayed>;

impl Stage {
    pub fn new() -> std::io::Result<Self> {
        let scratch = tempfile::Builder::new().prefix("xitai-dev-").tempdir()?;
        Ok(Self { scratch, play: None, look: Look::default(), note: None })
    }

    pub async fn close(&mut self) {
        if let Some(play) = self.play.take() {
            play.bank.close().await;
        }
    }

    /// The newest package comes on: open pages go on with it, state and all. A program of another name begins anew.
    pub async fn built(&mut self, package: Package) -> Result<(), Fault> {
        self.note = None;
        let staged = self.staged(package).await;
        staged.map_err(|fault| {
            let way_out = "If it was made with an SDK or a component tool of another version, build it again with this \
                           `xitai`, whose SDK is in .xitai/platform; or bring `xitai` up to date.";
            Fault::told(format!("The package does not come on: {}", fault.told()), way_out)
        })
    }

    async fn staged(&mut self, package: Package) -> Done<()> {
        let is_same = |play: &Play| play.rehearsal.package().manifest.app_id == package.manifest.app_id;
        if let Some(play) = self.play.as_mut().filter(|play| is_same(play)) {
            play.rehearsal.renew(package);
            play.bank.publish(&play.rehearsal).await?;
            if play.reload(&self.look).await? {
                self.note = Some(cannot_read(play));
            }
            return Ok(());
        }
        self.close().await;
        let ground = ground::of(&package, self.look.core);
        let rehearsal = Rehearsal::open(package, self.scratch.path())?;
        let bank = furnished(&rehearsal, &ground).await?;
        let who = ground.first.clone();
        let mut play = Play { rehearsal, ground, bank, who, pages: Default::default(), moments: Moments::default() };
        let opened = play.open(&self.look, None).await;
        self.play = Some(play);
        opened
    }

    /// A bank in which nothing has happened yet.
    pub async fn afresh(&mut self) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        play.begins_anew(&self.look).await?;
        play.open(&self.look, None).await
    }

    /// What led to where the bank stands happens once more, in a bank in which nothing has happened yet: with the newest
    /// package, and as pages are opened now.
    pub async fn again(&mut self) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        let way = play.moments.at().map(|at| play.moments.way_to(at)).unwrap_or_default();
        let way: Vec<(Option<String>, What, String)> = way
            .iter()
            .filter_map(|id| play.moments.get(*id))
            .map(|it| (it.who.clone(), it.what.clone(), it.told.clone()))
            .collect();
        let who = play.who.clone();
        play.begins_anew(&self.look).await?;
        let mut left = Vec::new();
        for (who, what, told) in way {
            play.who = who.clone().unwrap_or(play.who.clone());
            match what {
                What::Turn(Act::Open(opened)) => play.turn(who, Act::Open(self.look.over(opened))).await?,
                What::Turn(act) => play.turn(who, act).await?,
                What::State(state) => play.set_state(state).await?,
                What::Reload => {}
                What::Other => left.push(told),
            }
        }
        play.who = who;
        if !left.is_empty() {
            let text = format!("Not done again, since it is not a program's: {}.", left.join(", "));
            self.note = Some(Note { kind: "told", text });
        }
        Ok(())
    }

    /// The bank as it stood after something that happened.
    pub async fn go(&mut self, id: usize) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        let Some(moment) = play.moments.get(id) else { return Ok(()) };
        let Some(kept) = &moment.kept else {
            let text =
                "That is so long ago that its copy of the bank is gone. \"Play again\" does all of it once more.";
            self.note = Some(Note { kind: "told", text: text.to_owned() });
            return Ok(());
        };
        let mut bank = Bank::again(&play.rehearsal, &play.ground.given, kept).await?;
        bank.publish(&play.rehearsal).await?;
        play.pages = moment.pages.clone();
        if let Some(who) = &moment.who {
            play.who.clone_from(who);
        }
        play.moments.go(id);
        std::mem::replace(&mut play.bank, bank).close().await;
        Ok(())
    }

    /// Somebody else looks at their page, and opens one where they have none.
    pub async fn become_somebody(&mut self, who: &str) -> Done<()> {
        self.note = None;
        let Some(play) = self.play.as_mut().filter(|play| play.ground.given.people.contains_key(who)) else {
            return Ok(());
        };
        who.clone_into(&mut play.who);
        if play.pages.contains_key(who) { Ok(()) } else { play.open(&self.look, None).await }
    }

    pub async fn asked(&mut self, asked: act::Asked) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        let act = asked.act();
        let who = act.is_somebodys().then(|| play.who.clone());
        match act {
            Act::Open(opened) => play.turn(who, Act::Open(self.look.over(opened))).await,
            act => play.turn(who, act).await,
        }
    }
}

fn cannot_read(play: &Play) -> Note {
    let reads = &play.rehearsal.package().manifest.xitai.state.reads;
    let text = format!(
        "The new release does not read the state that is there: `xitai.state.reads` in manifest.json is {reads:?}. Let \
         it read the old schema (it is told by `upgraded`), or begin anew."
    );
    Note { kind: "afresh", text }
}

/// Who stands at a kiosk is signed in otherwise than on their phone.
pub fn kiosk_token(who: &str) -> String {
    format!("kiosk-{who}")
}

/// The bank of a ground, in which everybody is signed in.
async fn furnished(rehearsal: &Rehearsal, ground: &Ground) -> Done<Bank> {
    let bank = rehearsal.bank(&ground.given).await?;
    for who in ground.given.people.keys() {
        for (token, how) in [(who.clone(), How::Password), (kiosk_token(who), How::Kiosk)] {
            bank.sign_in(who, &token, how).await.map_err(|problem| Unplayed::of(&problem))?;
        }
    }
    Ok(bank)
}

impl Look {
    /// The page as it is opened with this look.
    fn over(&self, opened: Opened) -> Opened {
        Opened {
            channel: self.channel.or(opened.channel),
            locale: self.locale.clone().or(opened.locale),
            elder_mode: self.large,
            ..opened
        }
    }
}

impl Play {
    async fn begins_anew(&mut self, look: &Look) -> Done<()> {
        // As the newest package has it.
        let ground = ground::of(self.rehearsal.package(), look.core);
        let bank = furnished(&self.rehearsal, &ground).await?;
        if !ground.given.people.contains_key(&self.who) {
            self.who.clone_from(&ground.first);
        }
        self.ground = ground;
        self.pages.clear();
        self.moments = Moments::default();
        std::mem::replace(&mut self.bank, bank).close().await;
        Ok(())
    }

    /// Opens a page for who acts now: the manifest's first, where none is named.
    pub async fn open(&mut self, look: &Look, page: Option<String>) -> Done<()> {
        let page = page.or_else(|| self.rehearsal.package().manifest.pages.first().cloned()).unwrap_or_default();
        let opened =
            Opened { page, query: Vec::new(), channel: None, locale: None, elder_mode: false, surface: Surface::Page };
        self.turn(Some(self.who.clone()), Act::Open(look.over(opened))).await
    }

    pub async fn turn(&mut self, who: Option<String>, act: Act) -> Done<()> {
        let turn = Turn { line: 0, who, act, then: Then::default() };
        let mut player = self.player();
        let played = player.turn(self.number(), &turn).await?;
        let (pages, heard) = (player.pages, player.heard);
        self.pages = pages;
        self.happened(What::Turn(turn.act), played, heard).await
    }

    /// The page comes back on the newest release; whether that does not read its state.
    async fn reload(&mut self, look: &Look) -> Done<bool> {
        if !self.pages.contains_key(&self.who) {
            self.open(look, None).await?;
            return Ok(false);
        }
        let turn = Turn { line: 0, who: Some(self.who.clone()), act: Act::Resume, then: Then::default() };
        let mut player = self.player();
        let played = player.turn(self.number(), &turn).await?;
        let (pages, heard) = (player.pages, player.heard);
        self.pages = pages;
        let is_over = played.came.refused.as_deref() == Some(code::SESSION_CLOSED.code);
        let played = PlayedTurn { act: "saved: a new release".to_owned(), ..played };
        self.happened(What::Reload, played, heard).await?;
        Ok(is_over)
    }

    /// Another state by hand: the program comes back on it.
    pub async fn set_state(&mut self, state: Vec<u8>) -> Done<()> {
        let Some(page) = self.pages.get(&self.who).cloned() else { return Ok(()) };
        let turn = Turn { line: 0, who: Some(self.who.clone()), act: Act::Resume, then: Then::default() };
        let mut player = self.player();
        let before = player.begin(self.number(), &turn).await;
        let acted = self.bank.resume_on(&self.who, &page, state.clone()).await;
        let played = player.end(&turn, before, acted).await?;
        let heard = player.heard;
        let played = PlayedTurn { act: format!("{}'s state changed by hand", self.who), ..played };
        self.happened(What::State(state), played, heard).await
    }

    /// A request of the page in the frame, which `doing` carries to the host; it gives the session that was opened.
    pub async fn watched(
        &mut self,
        seen: observe::Seen,
        doing: impl Future<Output = Result<Option<SessionId>, Problem>>,
    ) -> Done<()> {
        let (what, act, other) = match seen {
            observe::Seen::Act(act) => (What::Turn(act.clone()), act, None),
            // Whatever it is, time passes and what follows from it happens.
            observe::Seen::Other(told) => (What::Other, Act::Look, Some(told)),
        };
        let turn = Turn { line: 0, who: Some(self.who.clone()), act, then: Then::default() };
        let mut player = self.player();
        let before = player.begin(self.number(), &turn).await;
        let acted = doing.await;
        if let (Ok(Some(session)), Act::Open(opened)) = (&acted, &turn.act) {
            let given = &self.ground.given;
            let locale = opened.locale.clone().unwrap_or_else(|| given.locale.clone());
            let page = Page::of(session.clone(), opened.channel.unwrap_or(given.channel), locale);
            player.pages.insert(self.who.clone(), page);
        }
        let is_noise = acted.as_ref().is_err_and(is_noise);
        let played = player.end(&turn, before, acted.map(|_| ())).await?;
        let (pages, heard) = (player.pages, player.heard);
        self.pages = pages;
        if is_noise {
            return Ok(());
        }
        let played = PlayedTurn { act: other.unwrap_or(played.act), ..played };
        self.happened(what, played, heard).await
    }

    fn player(&self) -> Player<'_> {
        let mut player = Player::new(&self.bank, &self.ground.given, None);
        player.pages.clone_from(&self.pages);
        player
    }

    /// What is random in the next turn follows from how many came before, as in a scene.
    fn number(&self) -> u64 {
        self.moments.at().map_or(1, |at| self.moments.way_to(at).len() as u64 + 1)
    }

    async fn happened(&mut self, what: What, played: PlayedTurn, heard: Vec<Heard>) -> Done<()> {
        let kept = self.bank.keep(&self.rehearsal).await?;
        let moment = Moment {
            before: self.moments.at(),
            what,
            who: played.who.clone(),
            told: played.act,
            at_ms: self.bank.clock.now_ms(),
            came: played.came,
            cost: played.cost,
            heard: newest(heard),
            pages: self.pages.clone(),
            release: self.bank.release.id.version.to_string(),
            kept: Some(kept),
        };
        tell(&moment);
        self.moments.push(moment);
        for (who, page) in &self.pages {
            if let Ok(view) = self.view_of(who).await {
                self.bank.app.moves.moved(&page.session, view.position);
            }
        }
        Ok(())
    }

    pub async fn view_of(&self, who: &str) -> Result<SessionView, Problem> {
        self.player().view(who, None).await
    }
}

/// Refusals that the page in the frame mends by itself.
fn is_noise(problem: &Problem) -> bool {
    [code::SESSION_STALE, code::SESSION_CONFLICT, code::SESSION_GAP, code::SHEET_TOO_SOON].contains(&problem.code)
}

/// Of calls that were made for the same position, the last one.
fn newest(heard: Vec<Heard>) -> Vec<Heard> {
    let mut all: Vec<Heard> = Vec::new();
    for one in heard {
        all.retain(|other| (&other.session, other.position) != (&one.session, one.position));
        all.push(one);
    }
    all
}

/// In the terminal.
fn tell(moment: &Moment) {
    let calls: usize = moment.heard.iter().map(|heard| heard.calls.len()).sum();
    match &moment.came.refused {
        None => println!("[dev] {}: {calls} host calls, {}", moment.told, moment.cost),
        Some(refused) => {
            let code = code::find(refused);
            eprintln!("[dev] {}: {refused} {}", moment.told, code.map_or("", |code| code.en));
            for line in moment.came.detail.lines().take(12) {
                eprintln!("        {line}");
            }
            if let Some(code) = code {
                eprintln!("        -> {}", code.mend_en);
            }
        }
    }
    for line in moment.heard.iter().flat_map(|heard| &heard.logs) {
        println!("        {} {}", line.level, crate::cli::report::plain(&line.text));
    }
}
