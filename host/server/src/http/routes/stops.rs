//! Stops, and what follows from them.

use super::{Access, Route, row};
use crate::http::handlers::{alerts, incidents, inventory, stop};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let mut rows = stops();
    rows.extend(of_incidents());
    rows.extend(of_alerts());
    rows.extend(of_inventory());
    rows
}

fn stops() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (reads, stops) = (Access::ForBank(Action::ReadStops), Access::ForBank(Action::Stop));
    vec![
        row(get.clone(), "/api/v1/stops", reads, "stop.list", stop::list)
            .says("Stops, those in force first")
            .gives::<wire::Stops>(),
        row(post.clone(), "/api/v1/stops", stops, "stop.made", stop::make)
            .says("Stop a program, release, publisher, permission, contract version or place everywhere at once")
            .takes::<wire::MakeStop>()
            .gives::<wire::StopRecord>(),
        row(get, "/api/v1/stops/{id}", reads, "stop.view", stop::view)
            .says("A stop, and what a lift of it would set free")
            .gives::<wire::StopRecord>(),
        row(put, "/api/v1/stops/{id}/lift", stops, "stop.lift-proposed", stop::propose)
            .says("Propose to lift a stop; another person decides")
            .takes::<wire::ProposeLift>()
            .gives::<wire::StopRecord>(),
        row(post, "/api/v1/stops/{id}/lift/decisions", stops, "stop.lift-decided", stop::decide)
            .says("Approve or return exactly this lift, as another person")
            .takes::<wire::DecideProposal>()
            .gives::<wire::StopRecord>(),
    ]
}

fn of_incidents() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (reads, keeps) = (Access::ForBank(Action::ReadIncidents), Access::ForBank(Action::KeepIncidents));
    let (decides, takes) = (Access::ForBank(Action::DecideRemedies), Access::ForBank(Action::ReadAudit));
    let (one, steps) = ("/api/v1/incidents/{id}", "/api/v1/incidents/{id}/steps");
    let (refund, decide_refund) = ("/api/v1/incidents/{id}/refund", "/api/v1/incidents/{id}/refund/decisions");
    let (notice, decide_notice) = ("/api/v1/incidents/{id}/notice", "/api/v1/incidents/{id}/notice/decisions");
    vec![
        row(get.clone(), "/api/v1/incidents", reads, "incident.list", incidents::list)
            .says("Incidents, open ones first")
            .gives::<wire::Incidents>(),
        row(post.clone(), "/api/v1/incidents", keeps, "incident.opened", incidents::open)
            .says("Open an incident by hand; a stop opens one by itself")
            .takes::<wire::OpenIncident>()
            .gives::<wire::IncidentRecord>(),
        row(get.clone(), one, reads, "incident.view", incidents::view)
            .says("An incident: whom it met, what happened, what is done about it")
            .gives::<wire::IncidentRecord>(),
        row(post.clone(), steps, keeps, "incident.step", incidents::step)
            .says("Write a note, say how grave it is, that it was reported, or that it is over")
            .takes::<wire::StepIncident>()
            .gives::<wire::IncidentRecord>(),
        row(put.clone(), refund, keeps, "incident.remedy-proposed", incidents::propose_refund)
            .says("Propose money back for all who paid")
            .takes::<wire::ProposeRefund>()
            .gives::<wire::IncidentRecord>(),
        row(post.clone(), decide_refund, decides, "incident.remedy-decided", incidents::decide_refund)
            .says("Approve or return exactly this refund, as another person; approved, it begins")
            .takes::<wire::DecideProposal>()
            .gives::<wire::IncidentRecord>(),
        row(put, notice, keeps, "incident.remedy-proposed", incidents::propose_notice)
            .says("Propose what all who were affected read")
            .takes::<wire::ProposeIncidentNotice>()
            .gives::<wire::IncidentRecord>(),
        row(post, decide_notice, decides, "incident.remedy-decided", incidents::decide_notice)
            .says("Approve or return exactly these words, as another person; approved, they go out")
            .takes::<wire::DecideProposal>()
            .gives::<wire::IncidentRecord>(),
        row(get, "/api/v1/incidents/{id}/evidence", takes, "incident.evidence", incidents::evidence)
            .says("A ZIP that `xitai verify` checks without the bank"),
    ]
}

fn of_alerts() -> Vec<Route> {
    let (reads, takes) = (Access::ForBank(Action::ReadAlerts), Access::ForBank(Action::TakeAlerts));
    vec![
        row(Method::GET, "/api/v1/alerts", reads, "alert.list", alerts::list)
            .says("What programs did beyond their habit, what nobody has taken first")
            .gives::<wire::Alerts>(),
        row(Method::POST, "/api/v1/alerts/{id}/acknowledgement", takes, "alert.acknowledged", alerts::acknowledge)
            .says("Take an alert, so that it is told no more")
            .takes::<wire::TakeAlert>()
            .gives::<wire::AlertRecord>(),
    ]
}

fn of_inventory() -> Vec<Route> {
    let (reads, retires) = (Access::ForBank(Action::ReadInventory), Access::ForBank(Action::RetireProgram));
    vec![
        row(Method::GET, "/api/v1/inventory", reads, "inventory.list", inventory::list)
            .says("Every program with owner, use, permissions, data purposes, incidents and advice, for the regulator")
            .gives::<wire::Inventory>(),
        row(Method::GET, "/api/v1/inventory/csv", reads, "inventory.csv", inventory::csv)
            .says("The same as a table that a spreadsheet opens"),
        row(Method::PUT, "/api/v1/programs/{id}/retirement", retires, "program.retired", inventory::retire)
            .says("Retire a program for good; receipts and coupons stay")
            .takes::<wire::RetireProgram>()
            .gives::<wire::RetiredProgram>(),
    ]
}
