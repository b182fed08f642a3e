//! Reviewed content of the demo bank.

use super::organisation::Missing;
use crate::app::App;
use crate::http::problem::Problem;
use xitai_model::content::ContentEntry;
use xitai_model::ids::{EntryId, ProgramId};
use xitai_model::record::Noun;

/// Kind, title, summary, body, tags, details.
type Written = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

const ENTRIES: [Written; 3] = [
    (
        "article",
        "食堂今日提示 Canteen today",
        "午餐 11:00–13:00，取餐请出示取餐码。Lunch 11:00–13:00; show your pick-up code.",
        "食堂位于一楼。The canteen is on the ground floor.",
        &["canteen", "suzhou"],
        &[("hours", "11:00-13:00")],
    ),
    (
        "place",
        "苏州分行 Suzhou Branch",
        "工业园区营业厅。The hall in the industrial park.",
        "可办理个人与对公业务。For persons and for companies.",
        &["branch", "suzhou"],
        &[("hours", "09:00-17:00"), ("phone", "0512-0000-0000")],
    ),
    (
        "question",
        "如何取号？ How do I take a number?",
        "打开“网点排队”，选择业务后取号。Open Branch Queue and choose what you came for.",
        "叫到您时页面会自动更新。The page changes by itself when you are called.",
        &["branch-queue", "suzhou"],
        &[],
    ),
];

/// Writes the entries into a library that has none; how many they were.
pub async fn seed(app: &App) -> Result<usize, Problem> {
    let catalog = app.catalog();
    if !catalog.content.is_empty() {
        return Ok(0);
    }
    let mut missing = Missing::new(&catalog);
    let now_ms = app.clock.now_ms();
    for (kind, title, summary, body, tags, details) in ENTRIES {
        let opens = match kind {
            "article" => Some((ProgramId::parse("cn.bank.suzhou.canteen")?, "pages/index".to_owned())),
            "question" => Some((ProgramId::parse("cn.bank.suzhou.branch-queue")?, "pages/index".to_owned())),
            _ => None,
        };
        let entry = ContentEntry {
            id: EntryId::new(now_ms, app.clock.random()),
            kind: kind.to_owned(),
            title: title.to_owned(),
            summary: summary.to_owned(),
            body: body.to_owned(),
            image: None,
            price: None,
            published_ms: now_ms,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            opens,
            details: details.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            documents: Vec::new(),
        };
        missing.add(Noun::Content, entry.id.as_str(), &entry)?;
    }
    missing.commit(app, "content.seeded").await
}
