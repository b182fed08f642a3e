//! The demo's network of cards: another system in this process, configured as a rail is. Its books lie in the data
//! folder, so that cards and instructions outlive a second start.

use super::partner::exception;
use super::say;
use crate::app::App;
use crate::cli::rail_demo::{self, Network};
use crate::config::Config;
use crate::config::rail::RailConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use xitai_egress::Target;
use xitai_egress::signature::{Direction, Secret};
use xitai_model::ids::RailId;
use xitai_model::money::Currency;
use xitai_model::tender::TenderKind;

/// Gives the demo's bank a rail, unless its operator has named one.
pub fn configure(config: &mut Config, address: SocketAddr) -> Result<bool, String> {
    if config.rail.is_some() {
        return Ok(false);
    }
    config.egress_allow.push(exception(address)?);
    // Both ends are this process: a secret of its own each time.
    let secret = Secret::derive(&crate::clock::Clock::Machine.random::<32>(), "card network", Direction::Outbound, 0);
    let base = format!("http://{address}");
    config.rail = Some(RailConfig {
        id: RailId::parse("cards").map_err(|fault| fault.to_string())?,
        base: Target::parse(&base)?,
        secret,
        tenders: vec![TenderKind::Card],
        currencies: vec![Currency::CNY],
        cards: format!("{base}/bind"),
    });
    Ok(true)
}

/// Serves it until the host closes.
pub async fn serve(app: &Arc<App>, address: SocketAddr) -> Result<(), String> {
    let Some(rail) = &app.config.rail else { return Ok(()) };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|fault| format!("the card network can't listen on {address}: {fault} (XITAI_RAIL_DEMO moves it)"))?;
    let network = Network::open(rail.secret.clone(), app.config.data_dir.join("card-network.json"))?;
    let closing = app.clone();
    tokio::spawn(async move {
        if let Err(told) = rail_demo::serve(network, listener, async move { closing.closing().await }).await {
            say(&format!("the card network ended: {told}"));
        }
    });
    Ok(())
}
