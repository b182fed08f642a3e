use super::*;
use crate::ids::MerchantId;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::money::{Currency, Money};
use crate::proposal::Verdict;

fn stop(target: StopTarget, made_ms: i64) -> Stop {
    let by = StaffId::parse("sun").unwrap();
    Stop::new(StopId::new(made_ms, [0; 10]), target, "r".to_owned(), by, made_ms)
}
fn program() -> ProgramId {
    ProgramId::parse("cn.bank.suzhou.canteen").unwrap()
}
fn place(id: &str) -> PlaceId {
    PlaceId::parse(id).unwrap()
}
fn scope() -> StopScope {
    StopScope {
        program: program(),
        release: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        publisher: PublisherId::parse("suzhou-branch").unwrap(),
        places: ["suzhou", "east", "bank"].map(place).to_vec(),
        permissions: vec!["xitai:payments/payments".to_owned()],
        contract: 1,
    }
}
fn by(staff: &str, person: &str) -> By {
    By { staff: StaffId::parse(staff).unwrap(), person: person.to_owned() }
}

#[test]
fn a_stop_covers_what_it_names_until_it_is_lifted() {
    let scope = scope();
    let covering = [
        StopTarget::Program(scope.program.clone()),
        StopTarget::Release(scope.release.clone()),
        StopTarget::Publisher(scope.publisher.clone()),
        StopTarget::Permission("xitai:payments/payments".to_owned()),
        StopTarget::Contract(1),
        StopTarget::Branch(place("suzhou")),
        StopTarget::Branch(place("east")),
        StopTarget::Branch(place("bank")),
    ];
    let others = [
        StopTarget::Program(ProgramId::parse("cn.bank.suzhou.queue").unwrap()),
        StopTarget::Release(ReleaseId::parse("cn.bank.suzhou.canteen@1.0.1").unwrap()),
        StopTarget::Publisher(PublisherId::parse("tea-house").unwrap()),
        StopTarget::Permission("xitai:payments/payouts".to_owned()),
        StopTarget::Contract(2),
        StopTarget::Branch(place("nanjing")),
    ];
    for target in covering {
        let mut stop = stop(target, 1);
        assert!(stop.covers(&scope), "{:?}", stop.target);
        let by = stop.by.clone();
        stop.lifted = Some(Lifted { by, proposed_by: None, at_ms: 2, held: HeldPayments::Review, restored: false });
        assert!(!stop.covers(&scope));
    }
    for target in others {
        assert!(!stop(target.clone(), 1).covers(&scope), "{target:?}");
    }
}

#[test]
fn a_target_is_named_in_one_way_and_read_back() {
    for kind in StopTarget::KINDS {
        let id = match kind {
            "release" => "cn.bank.suzhou.canteen@1.0.0",
            "permission" => "xitai:payments/payments",
            "contract" => "1",
            "program" => "cn.bank.suzhou.canteen",
            _ => "suzhou",
        };
        let target = StopTarget::parse(kind, id).unwrap();
        assert_eq!((target.kind(), target.id().as_str()), (kind, id));
        let body = serde_json::to_value(&target).unwrap();
        assert_eq!(serde_json::from_value::<StopTarget>(body).unwrap(), target);
    }
    assert_eq!(StopTarget::Program(program()).name(), "cn.bank.suzhou.canteen");
    assert_eq!(StopTarget::parse("program", "Not A Program"), None);
    assert_eq!(StopTarget::parse("moon", "x"), None);
}

#[test]
fn a_stop_of_before_there_were_proposals_is_still_read() {
    let old = serde_json::json!({
        "id": StopId::new(1, [0; 10]), "target": {"program": "cn.bank.suzhou.canteen"}, "reason": "r", "by": "sun",
        "made_ms": 1, "lifted": {"by": "sun", "at_ms": 2}
    });
    let stop: Stop = serde_json::from_value(old).unwrap();
    assert_eq!(stop.standing(), Standing::Lifted);
}

#[test]
fn the_first_one_made_is_told() {
    let scope = scope();
    let later = stop(StopTarget::Program(scope.program.clone()), 5);
    let first = stop(StopTarget::Branch(place("suzhou")), 3);
    let other = stop(StopTarget::Branch(place("nanjing")), 1);
    let stops = [later, other, first.clone()];
    assert_eq!(first_covering(&stops, &scope), Some(&first));
    assert_eq!(first_covering(&stops[..0], &scope), None);
}

/// A stop in each standing.
fn at(standing: Standing) -> Stop {
    let made = stop(StopTarget::Program(program()), 1);
    let lift = Lift { held: HeldPayments::GoOn, reason: "mended".to_owned() };
    let step = |stop: &Stop, command| apply(stop, command, 5).unwrap();
    let swept = step(&made, Command::Sweep(Swept { at_ms: 2, ..Swept::default() }));
    let proposed = step(&swept, Command::Propose { lift, by: by("sun", "p-sun") });
    let lifted = step(&proposed, approve(&proposed, "wu", "p-wu"));
    let stop = match standing {
        Standing::Sweeping => made,
        Standing::InForce => swept,
        Standing::Proposed => proposed,
        Standing::Lifted => lifted,
        Standing::Restored => step(&lifted, Command::Restore),
    };
    assert_eq!(stop.standing(), standing);
    stop
}
fn approve(stop: &Stop, staff: &str, person: &str) -> Command {
    let digest = stop.lift.as_ref().map_or_else(|| crate::digest::Digest::of(b""), Proposal::digest);
    Command::Decide { verdict: Verdict::Approve { digest }, by: by(staff, person) }
}

/// Whoever adds a command or a standing is stopped here by the compiler, and adds its row or column below.
fn has_its_cell(standing: Standing, command: &Command) {
    use Standing as S;
    match (standing, command) {
        (
            S::Sweeping | S::InForce | S::Proposed | S::Lifted | S::Restored,
            Command::Propose { .. } | Command::Decide { .. } | Command::Sweep(_) | Command::Restore,
        ) => {}
    }
}

#[test]
fn every_command_in_every_standing() {
    use Standing as S;
    let all = [S::Sweeping, S::InForce, S::Proposed, S::Lifted, S::Restored];
    // In the order of `all`: the standing that follows, or the code of the refusal.
    type Row = (&'static str, [Result<Standing, &'static str>; 5]);
    let (sweeping, state, none) = (Err("stop.sweeping"), Err("stop.state"), Err("proposal.none"));
    let table: [Row; 5] = [
        ("propose", [sweeping, Ok(S::Proposed), Ok(S::Proposed), state, state]),
        ("approve", [sweeping, none, Ok(S::Lifted), state, state]),
        ("return", [sweeping, none, Ok(S::InForce), state, state]),
        ("sweep", [Ok(S::InForce), Ok(S::InForce), Ok(S::Proposed), state, state]),
        ("restore", [state, state, state, Ok(S::Restored), state]),
    ];
    for (name, row) in table {
        for (standing, follows) in all.into_iter().zip(row) {
            let stop = at(standing);
            let command = match name {
                "propose" => Command::Propose {
                    lift: Lift { held: HeldPayments::Review, reason: "again".to_owned() },
                    by: by("sun", "p-sun"),
                },
                "approve" => approve(&stop, "wu", "p-wu"),
                "return" => {
                    let Command::Decide { verdict: Verdict::Approve { digest }, by } = approve(&stop, "wu", "p-wu")
                    else {
                        unreachable!()
                    };
                    Command::Decide { verdict: Verdict::Return { digest, note: "not yet".to_owned() }, by }
                }
                "sweep" => Command::Sweep(Swept { at_ms: 9, closed: 1, ..Swept::default() }),
                _ => Command::Restore,
            };
            has_its_cell(standing, &command);
            let did = apply(&stop, command, 9).map(|next| next.standing()).map_err(|refusal| refusal.code);
            assert_eq!(did, follows.map_err(str::to_owned), "{name} while {standing:?}");
        }
    }
}

#[test]
fn lifting_takes_two_people_and_what_was_looked_at() {
    let proposed = at(Standing::Proposed);
    let refused = |command| apply(&proposed, command, 9).unwrap_err().code;
    assert_eq!(refused(approve(&proposed, "sun", "p-sun")), "proposal.own-work");
    assert_eq!(refused(approve(&proposed, "sun-2", "p-sun")), "proposal.own-work", "one human being");
    // Somebody changes the proposal while another looks at it.
    let lift = Lift { held: HeldPayments::Review, reason: "mended".to_owned() };
    let changed = apply(&proposed, Command::Propose { lift, by: by("sun", "p-sun") }, 8).unwrap();
    let stale = apply(&changed, approve(&proposed, "wu", "p-wu"), 9).unwrap_err();
    assert_eq!(stale.code, "proposal.differs");
    let lifted = apply(&proposed, approve(&proposed, "wu", "p-wu"), 9).unwrap();
    let told = lifted.lifted.clone().unwrap();
    assert_eq!((told.by.as_str(), told.held, told.at_ms), ("wu", HeldPayments::GoOn, 9));
    assert_eq!(told.proposed_by.map(|by| by.person), Some("p-sun".to_owned()));
    assert!(!lifted.covers(&scope()));
    let silent =
        Command::Propose { lift: Lift { held: HeldPayments::Review, reason: " ".to_owned() }, by: by("sun", "p-sun") };
    assert_eq!(refused(silent), "stop.reason-missing");
}

#[test]
fn passes_add_up_and_the_last_one_says_what_is_left() {
    let mut stop = stop(StopTarget::Contract(1), 1);
    for (at_ms, closed, left) in [(2, 3, 2), (3, 2, 0)] {
        stop = apply(&stop, Command::Sweep(Swept { at_ms, closed, left, ..Swept::default() }), at_ms).unwrap();
    }
    assert_eq!(stop.swept, Some(Swept { at_ms: 3, closed: 5, held: 0, returned: 0, left: 0 }));
}

fn transfer(purpose: Purpose, debit: AccountKind, owner: &str, movement: Movement) -> Transfer {
    Transfer {
        debit: AccountKey::new(debit, owner, Currency::CNY),
        credit: AccountKey::new(AccountKind::Treasury, "bank", Currency::CNY),
        amount: Money::cny(1),
        movement,
        purpose,
        payment: None,
        ceiling: None,
    }
}

#[test]
fn frozen_money_goes_back_to_customers_and_nowhere_else() {
    let merchant = MerchantId::parse("tea-house").unwrap();
    let mut stop = stop(StopTarget::Publisher(PublisherId::parse("tea").unwrap()), 1);
    let out = |purpose, kind, owner: &str| transfer(purpose, kind, owner, Movement::Post);
    let settles = out(Purpose::Settlement, AccountKind::Merchant, merchant.as_str());
    assert!(!stop.forbids(&settles), "nothing is frozen");
    stop.freezes = Freezes([Payee::Merchant(merchant.to_string()), Payee::Branch("suzhou".to_owned())].into());
    for purpose in [Purpose::Settlement, Purpose::Payout, Purpose::Campaign, Purpose::Funding, Purpose::Split] {
        assert!(stop.forbids(&out(purpose, AccountKind::Merchant, "tea-house")), "{purpose:?}");
        assert!(!stop.forbids(&out(purpose, AccountKind::Merchant, "noodles")), "another's");
        assert!(stop.forbids(&out(purpose, AccountKind::Branch, "suzhou")), "{purpose:?}");
    }
    assert!(stop.forbids(&out(Purpose::Payout, AccountKind::Settlement, "tea-house")), "what waits for the morning");
    for purpose in [Purpose::Refund, Purpose::Fee, Purpose::Dispute, Purpose::Correction, Purpose::Limit] {
        assert!(!stop.forbids(&out(purpose, AccountKind::Merchant, "tea-house")), "{purpose:?}");
    }
    let void = transfer(Purpose::Settlement, AccountKind::Merchant, "tea-house", Movement::VoidPending { pending: 3 });
    assert!(!stop.forbids(&void), "a release takes nothing");
    assert!(!stop.forbids(&out(Purpose::Sale, AccountKind::Customer, "tea-house")), "customers are never frozen");
    let by = stop.by.clone();
    stop.lifted = Some(Lifted { by, proposed_by: None, at_ms: 2, held: HeldPayments::Review, restored: false });
    assert!(!stop.forbids(&settles));
}
