//! What happened, once more: on a bank beside the one on the stage, which stays as it is until all of it is done.

use super::moment::{Moment, What};
use super::stage::{Done, Look, Play};
use crate::scene::Unplayed;
use crate::scene::kept::Kept;
use std::collections::{BTreeMap, BTreeSet};
use xitai_model::scene::Act;

/// Plays everything again, branch by branch, with the newest package and as `look` opens pages. In the end it stands
/// where `of` stands; beside it, what was left out because it is nothing that can be played.
pub async fn again(of: &Play, look: &Look) -> Done<(Play, Vec<String>)> {
    let mut next = of.anew(look.core).await?;
    match follow(&mut next, of, look).await {
        Ok(left) => Ok((next, left)),
        Err(fault) => {
            next.bank.close().await;
            Err(fault)
        }
    }
}

async fn follow(next: &mut Play, of: &Play, look: &Look) -> Done<Vec<String>> {
    everybody_is_there(next, of)?;
    let who = next.who.clone();
    let moments = of.moments.all();
    // The oldest copies go as others come: those to which one comes back are held.
    let forks = moments.iter().enumerate().filter_map(|(id, it)| it.before.filter(|before| before + 1 != id));
    let come_back: BTreeSet<usize> = forks.chain(of.moments.at()).collect();
    let (mut places, mut copies, mut left) = (Vec::with_capacity(moments.len()), BTreeMap::new(), Vec::new());
    for (id, moment) in moments.iter().enumerate() {
        stand(next, now(&places, moment.before), &copies).await?;
        if !happens(next, moment, look).await? {
            left.push(moment.told.clone());
        }
        // What did not happen again is where the one before it is.
        let at = next.moments.at();
        places.push(at);
        let copy = next.moments.now().filter(|_| come_back.contains(&id)).and_then(|moment| moment.kept.clone());
        copies.extend(at.zip(copy));
    }
    stand(next, now(&places, of.moments.at()), &copies).await?;
    next.who = who;
    Ok(left)
}

/// Somebody who acts and is nobody any more, such as one who was renamed in the first scene, can do nothing again.
fn everybody_is_there(next: &Play, of: &Play) -> Done<()> {
    let people = &next.ground.given.people;
    let mut acted = of.moments.all().iter().filter_map(|moment| moment.who.as_deref());
    match acted.find(|who| !people.contains_key(*who)) {
        None => Ok(()),
        Some(gone) => Err(Unplayed::Scene(format!(
            "{gone} acts in what happened and is no longer in [given] of the first scene: put them back there, or \
             begin anew. Everything is as it was."
        ))),
    }
}

/// What a moment of the other bank is in this one.
fn now(places: &[Option<usize>], id: Option<usize>) -> Option<usize> {
    places.get(id?).copied().flatten()
}

/// Goes back to where a branch begins, unless the bank stands there.
async fn stand(next: &mut Play, at: Option<usize>, copies: &BTreeMap<usize, Kept>) -> Done<()> {
    match at {
        at if at == next.moments.at() => Ok(()),
        None => next.stand_before_all().await,
        Some(id) => {
            let kept = copies.get(&id).ok_or_else(|| Unplayed::machine("a branch begins where no copy is held"))?;
            next.stand_at(id, kept).await
        }
    }
}

/// Whether it is something that can happen again.
async fn happens(next: &mut Play, moment: &Moment, look: &Look) -> Done<bool> {
    if let Some(who) = &moment.who {
        next.who.clone_from(who);
    }
    match &moment.what {
        What::Turn(Act::Open(opened)) => next.turn(moment.who.clone(), Act::Open(look.over(opened.clone()))).await?,
        What::Turn(act) => next.turn(moment.who.clone(), act.clone()).await?,
        What::State(state) => next.set_state(state.clone()).await?,
        // The newest release is there from the first.
        What::Reload => {}
        What::Other => return Ok(false),
    }
    Ok(true)
}
