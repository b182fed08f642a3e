//! Zones: the cards of a place, and what a program draws on one.

codes! {
    ZONE_CARDS = "zone.cards", Limited, 422,
        "Too many cards.", "卡片过多。";
        "Keep to 24 cards; nobody looks through more.", "请保留至多 24 张卡片。";
    ZONE_TWICE = "zone.twice", Invalid, 422,
        "A program stands there twice.", "同一小程序出现两次。";
        "Keep one of its cards.", "请只保留一张卡片。";
    ZONE_BUNDLES = "zone.bundles", Limited, 422,
        "Too many bundles.", "组合过多。";
        "Keep to 8 bundles; nobody looks through more.", "请保留至多 8 个组合。";
    ZONE_BUNDLE = "zone.bundle", Invalid, 422,
        "A bundle has no title that fits, or not from 2 to 6 different programs.", "组合缺少合适的标题，或小程序不是 2 至 6 个不同的。";
        "Give it a title of up to 24 characters in each language, and 2 to 6 programs.", "请为每种语言填写至多 24 个字的标题，并选择 2 至 6 个小程序。";
    ZONE_PLACE = "zone.place", Invalid, 422,
        "The card is kept to a place that is not of this page.", "卡片限定的机构不在本页范围内。";
        "Name places at or below the page's own.", "请填写本页所属机构或其下级机构。";
    ZONE_NOT_FOUND = "zone.not-found", NotFound, 404,
        "There is no such zone.", "没有找到该专区。";
        "Choose the bank, a region or a branch.", "请选择总行、区域或网点。";
    ZONE_MOVED = "zone.moved", Conflict, 409,
        "Somebody else has arranged this page since you looked.", "您查看之后，他人已调整此页。";
        "Look at it again, then arrange it.", "请重新查看后再调整。";
    ZONE_CUSTOMER = "zone.customer", NotFound, 404,
        "There is no customer of this name whom you may look for.", "没有找到您可预览的该客户。";
        "Name a customer of your own places by their sign-in name.", "请填写本机构客户的登录名。";

    CARD_EFFECT = "card.effect", NotGranted, 403,
        "The card asked for something that only a page may ask for.", "卡片请求了只有页面才能进行的操作。";
        "Let the card only read and show; keep what it does for the page behind it.", "卡片只应读取并显示内容，操作请放在页面中。";
    CARD_LARGE = "card.large", Invalid, 422,
        "The card shows nothing, or more than a glance.", "卡片没有可显示的内容，或内容过多。";
        "Show a heading and a few lines, at most 40 nodes.", "请显示标题和几行内容，至多 40 个节点。";
    CARD_SLOW = "card.slow", Unavailable, 503,
        "The card was not there in time.", "卡片未能及时显示。";
        "It is shown as soon as it is there; let it read less.", "准备好后即会显示；请减少读取内容。";
}
