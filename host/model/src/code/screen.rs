//! What is wrong with a screen that a program returned. All of them are for the program's author.

codes! {
    SCREEN_EMPTY = "screen.empty", Invalid, 422,
        "The screen has no nodes.", "页面没有任何节点。";
        "Return at least a root node.", "请至少返回一个根节点。";
    SCREEN_BAD_ROOT = "screen.bad-root", Invalid, 422,
        "The root is not a node of the screen.", "根节点索引无效。";
        "Give root the index of a node.", "请将 root 设为某个节点的索引。";
    SCREEN_BAD_CHILD = "screen.bad-child", Invalid, 422,
        "A child is not a node of the screen.", "有子节点索引无效。";
        "Name children by the index of a node.", "请用节点索引引用子节点。";
    SCREEN_CYCLIC = "screen.cyclic", Invalid, 422,
        "A node is among its own descendants.", "节点出现循环引用。";
        "Make the nodes a tree.", "请确保节点构成一棵树。";
    SCREEN_SHARED_CHILD = "screen.shared-child", Invalid, 422,
        "A node is a child of two nodes.", "一个节点被多个父节点引用。";
        "Use each node as a child once; copy it where it shall stand twice.", "每个节点只能使用一次，需要重复时请复制。";
    SCREEN_UNREACHABLE = "screen.unreachable", Invalid, 422,
        "A node hangs on no other and is not the root.", "有节点未挂在页面树上。";
        "Make each node a child of another, or leave it out.", "请将节点挂到某个父节点下，或将其去掉。";
    SCREEN_DUPLICATE_ID = "screen.duplicate-id", Invalid, 422,
        "Two nodes have the same id.", "有两个节点的 id 相同。";
        "Give each node an id of its own.", "请为每个节点设置唯一 id。";
    SCREEN_BAD_ID = "screen.bad-id", Invalid, 422,
        "A node's id is empty, too long or has other characters than allowed.", "节点 id 为空、过长或含有不允许的字符。";
        "Use 1 to 64 of A-Z, a-z, 0-9 and - _ . : /.", "请使用 1 至 64 个字母、数字或 - _ . : / 字符。";
    SCREEN_CONTROL_CHARACTER = "screen.control-character", Invalid, 422,
        "A text has a control character.", "文字中含有控制字符。";
        "Use plain text; line breaks and tabs are allowed.", "请使用普通文字，可以使用换行和制表符。";
    SCREEN_MONEY_RANGE = "screen.money-range", Invalid, 422,
        "An amount is out of range.", "金额超出范围。";
        "Stay within 2^53 - 1 minor units.", "请保持在 2^53 - 1 个最小货币单位以内。";
    SCREEN_CURRENCY = "screen.currency", Invalid, 422,
        "A currency is not a code of ISO 4217.", "币种不是 ISO 4217 代码。";
        "Use three capital letters, such as CNY.", "请使用三个大写字母，例如 CNY。";
    SCREEN_BUTTON_AMOUNT = "screen.button-amount", Invalid, 422,
        "A button carries an amount that is not above zero.", "按钮上的金额不大于零。";
        "Give a button an amount only where the customer is to pay.", "仅在客户需要付款时为按钮设置金额。";
    SCREEN_QR_FOREIGN = "screen.qr-foreign", NotGranted, 422,
        "A QR code leads to something that this program may not show.", "二维码内容不允许由本程序显示。";
        "Show a pick-up code, a link of this program, or what merchant-codes made.", "只能显示取件码、本程序链接或收款码接口生成的内容。";
    SCREEN_IMAGE_FOREIGN = "screen.image-foreign", NotGranted, 422,
        "An image, medium or document is neither of the package nor reviewed.", "图片、媒体或文档既不在包内也未经审核。";
        "Use asset: for files of the package and content: for reviewed ones.", "包内文件请用 asset:，审核内容请用 content:。";
    SCREEN_LINK_FOREIGN = "screen.link-foreign", NotGranted, 422,
        "A link leads outside the program.", "链接指向本程序之外。";
        "Link to a page of this program, such as pages/index.", "请链接到本程序的页面，例如 pages/index。";
    SCREEN_FIELD_OUTSIDE_FORM = "screen.field-outside-form", Invalid, 422,
        "A field stands outside any form.", "有输入字段不在表单内。";
        "Put fields and their button into a form.", "请将字段及其按钮放入表单。";
    SCREEN_FORM_NESTED = "screen.form-nested", Invalid, 422,
        "A form stands inside another.", "表单中嵌套了另一个表单。";
        "Close one form before the next begins.", "请不要嵌套表单。";
    SCREEN_FORM_NO_BUTTON = "screen.form-no-button", Invalid, 422,
        "A form has no button to submit it.", "表单没有提交按钮。";
        "Put a button into the form.", "请在表单内放置按钮。";
    SCREEN_LEAF_HAS_CHILDREN = "screen.leaf-has-children", Invalid, 422,
        "An element that holds nothing has children.", "不能包含内容的元素带有子节点。";
        "Put the children into a column, row, card, section, form, items or item.", "请将子节点放入容器元素中。";
    SCREEN_FIELD_INVALID = "screen.field-invalid", Invalid, 422,
        "A field contradicts itself.", "字段设置自相矛盾。";
        "Check its bounds, its options and what is selected.", "请检查字段的范围、选项和已选项。";
    SCREEN_CHART_INVALID = "screen.chart-invalid", Invalid, 422,
        "A chart can't be drawn.", "图表无法绘制。";
        "Give it at most 6 decimals.", "小数位不超过 6 位。";
    SCREEN_PROGRESS_INVALID = "screen.progress-invalid", Invalid, 422,
        "A progress has more done than there is.", "进度的完成数大于总数。";
        "Keep done at or below total.", "请使完成数不大于总数。";
}
