//! Drawing a screen for each channel: one of 1,000 nodes, the largest there is, beside one of 20. Pure: no bank is needed.

use super::figure::{Figure, quantile};
use super::{Bench, Told};
use crate::clock::Clock;
use crate::config::ZONE_DEFAULT;
use crate::render::{chat, kiosk, web};
use crate::words::{Locale, Words};
use std::collections::BTreeMap;
use std::hint::black_box;
use xitai_model::money::Money;
use xitai_model::screen::{Button, Element, Item, Items, Node, Quantity, Screen, Weight};

const DRAWN: usize = 200;
const SMALL: usize = 20;
const LARGE: usize = 1_000;

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let zone = ZONE_DEFAULT.parse().map_err(|e| format!("{e}"))?;
    let words = Words::of(Locale::ZhCn, zone);
    let times = bench.sized(DRAWN);
    let fields = BTreeMap::new();
    let (program, pages, files) = ("cn.bench.canteen", "/app", "/f/");
    let drawing = web::Drawing { words, program, pages, files, now_ms: 0, fields: &fields, ids: "" };
    let said = chat::Drawing { words, now_ms: 0 };
    let figure = |name: &str, draw: &dyn Fn(&Screen) -> usize| {
        let [large, small] = [LARGE, SMALL].map(|nodes| median_us(times, &menu(nodes), draw));
        Figure::new(name, large, "us").against("20_nodes", small)
    };
    Ok(vec![
        figure("render_web_us", &|screen| web::screen(screen, &drawing).to_string().len()),
        figure("render_kiosk_us", &|screen| kiosk::screen(screen, &drawing).to_string().len()),
        figure("render_chat_us", &|screen| chat::parts(screen, &said).len()),
    ])
}

fn median_us(times: usize, screen: &Screen, draw: &dyn Fn(&Screen) -> usize) -> f64 {
    let mut took: Vec<f64> = (0..times)
        .map(|_| {
            let began = Clock::Machine.monotonic();
            black_box(draw(black_box(screen)));
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    took.sort_by(f64::total_cmp);
    quantile(&took, 0.5)
}

/// A menu of a canteen with exactly so many nodes: dishes that are counted, and a button that pays.
fn menu(count: usize) -> Screen {
    let node = |id: String, element: Element, children: Vec<u32>| Node {
        id,
        element,
        children,
        label: None,
        props: Vec::new(),
    };
    let mut nodes = vec![
        node("root".to_owned(), Element::Column, vec![1, 2]),
        node("dishes".to_owned(), Element::Items(Items { total: None, more: false }), Vec::new()),
        node(
            "pay".to_owned(),
            Element::Button(Button {
                text: "付款".to_owned(),
                weight: Weight::Primary,
                value: None,
                amount: Some(Money::cny(3_700)),
                disabled: false,
            }),
            Vec::new(),
        ),
    ];
    while nodes.len() < count {
        let (at, number) = (nodes.len() as u32, nodes.len());
        let item = Item {
            title: format!("红烧肉 {number}"),
            subtitle: Some("慢炖两小时".to_owned()),
            trailing: Some("¥18.00".to_owned()),
            image: None,
        };
        nodes[1].children.push(at);
        let counted = nodes.len() + 1 < count;
        let children = if counted { vec![at + 1] } else { Vec::new() };
        nodes.push(node(format!("dish-{number}"), Element::Item(item), children));
        if counted {
            let quantity = Quantity { value: 0, minimum: 0, maximum: 20 };
            nodes.push(node(format!("portions-{number}"), Element::Quantity(quantity), Vec::new()));
        }
    }
    Screen { title: "职工食堂".to_owned(), nodes, root: 0 }
}
