//! The stage: the newest package on a bank, who acts, and everything that happened. One thing happens after the other.

use super::builder::Fault;
use super::ground::{self, Ground};
use super::moment::{Moment, Moments, What};
use super::{act, again, observe};
use crate::app::cost::Heard;
use crate::app::session::SessionView;
use crate::http::problem::Problem;
use crate::package::Package;
use crate::render::chat;
use crate::scene::bank::Bank;
use crate::scene::kept::Kept;
use crate::scene::play::{Page, Pages, Player};
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
    pub pages: Pages,
    pub moments: Moments,
}

pub type Done<T> = Result<T, Unplayed>;

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
        staged.map_err(|fault| Fault::told(format!("The package does not come on: {}", fault.told()), way_out(&fault)))
    }

    async fn staged(&mut self, package: Package) -> Done<()> {
        let is_same = |play: &Play| play.rehearsal.package().manifest.app_id == package.manifest.app_id;
        if let Some(play) = self.play.as_mut().filter(|play| is_same(play)) {
            let rehearsal = play.rehearsal.renewed(package);
            play.bank.publish(&rehearsal).await?;
            // Only what came on is what one goes back in, plays again and saves with.
            play.rehearsal = rehearsal;
            if play.reload(&self.look).await? {
                self.note = Some(cannot_read(play));
            }
            return Ok(());
        }
        let ground = ground::of(&package, self.look.core);
        let mut play = Play::on(Rehearsal::open(package, self.scratch.path())?, ground).await?;
        let opened = play.open(&self.look, None).await;
        self.close().await;
        self.play = Some(play);
        opened
    }

    /// A bank in which nothing has happened yet.
    pub async fn afresh(&mut self) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        let mut anew = play.anew(self.look.core).await?;
        let opened = anew.open(&self.look, None).await;
        std::mem::replace(play, anew).bank.close().await;
        opened
    }

    /// Everything happens once more, in a bank in which nothing has happened yet: with the newest package, and as pages
    /// are opened from here on. What cannot be done leaves all as it was.
    pub async fn again(&mut self, look: Look) -> Done<()> {
        self.note = None;
        if let Some(play) = &mut self.play {
            let (next, left) = again::again(play, &look).await?;
            std::mem::replace(play, next).bank.close().await;
            if !left.is_empty() {
                let text = format!("Not done again, since it is not a program's: {}.", left.join(", "));
                self.note = Some(Note { kind: "told", text });
            }
        }
        self.look = look;
        Ok(())
    }

    /// The bank as it stood after something that happened.
    pub async fn go(&mut self, id: usize) -> Done<()> {
        self.note = None;
        let Some(play) = &mut self.play else { return Ok(()) };
        let Some(moment) = play.moments.get(id) else { return Ok(()) };
        let Some(kept) = moment.kept.clone() else {
            let text =
                "That is so long ago that its copy of the bank is gone. \"Play again\" does all of it once more.";
            self.note = Some(Note { kind: "told", text: text.to_owned() });
            return Ok(());
        };
        play.stand_at(id, &kept).await
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

/// What a developer can do about a package that does not come on.
fn way_out(fault: &Unplayed) -> &'static str {
    match fault {
        Unplayed::Component(_) => {
            "If it was made with an SDK or a component tool of another version, build it again with this `xitai`, \
             whose SDK is in .xitai/platform; or bring `xitai` up to date."
        }
        Unplayed::Scene(_) => "Mend what it names: manifest.json, or [given] of the first scene, whose bank it is.",
        Unplayed::Machine(_) => "It says nothing about the package: see to this machine, then save again.",
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
    pub fn over(&self, opened: Opened) -> Opened {
        Opened {
            channel: self.channel.or(opened.channel),
            locale: self.locale.clone().or(opened.locale),
            elder_mode: self.large,
            ..opened
        }
    }
}

impl Play {
    /// A package in a bank in which nothing has happened yet.
    async fn on(rehearsal: Rehearsal, ground: Ground) -> Done<Self> {
        let bank = furnished(&rehearsal, &ground).await?;
        let who = ground.first.clone();
        Ok(Self { rehearsal, ground, bank, who, pages: Pages::new(), moments: Moments::default() })
    }

    /// The same with what the newest package gives, and who acts now where they are still there.
    pub async fn anew(&self, core: bool) -> Done<Self> {
        let ground = ground::of(self.rehearsal.package(), core);
        let mut anew = Self::on(self.rehearsal.clone(), ground).await?;
        if anew.ground.given.people.contains_key(&self.who) {
            anew.who.clone_from(&self.who);
        }
        Ok(anew)
    }

    /// Takes up the bank as it stood after something that happened.
    pub async fn stand_at(&mut self, id: usize, kept: &Kept) -> Done<()> {
        let Some(moment) = self.moments.get(id) else { return Ok(()) };
        let mut bank = Bank::again(&self.rehearsal, &self.ground.given, kept).await?;
        bank.publish(&self.rehearsal).await?;
        self.pages.clone_from(&moment.pages);
        if let Some(who) = &moment.who {
            self.who.clone_from(who);
        }
        self.moments.go(id);
        std::mem::replace(&mut self.bank, bank).close().await;
        Ok(())
    }

    /// The bank before anything happened.
    pub async fn stand_before_all(&mut self) -> Done<()> {
        let bank = furnished(&self.rehearsal, &self.ground).await?;
        self.pages.clear();
        self.moments.go_before_all();
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

    /// In whose language and on whose clock somebody's page is drawn.
    pub fn drawing_of(&self, who: &str) -> chat::Drawing {
        self.player().drawing(who).1
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
