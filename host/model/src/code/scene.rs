//! Scenes: what is wrong with one, and what a performance of it showed.

codes! {
    SCENE_MALFORMED = "scene.malformed", Invalid, 422,
        "The file is not a scene.", "该文件不是场景文件。";
        "Mend the line; docs/scenes.md has every member.", "请修改该行；docs/scenes.md 列出了所有成员。";
    SCENE_VALUE = "scene.value", Invalid, 422,
        "A value in the scene is not what is expected there.", "场景中的值不符合要求。";
        "Write the value as the finding expects it; docs/scenes.md has every member.", "请按提示填写该值；docs/scenes.md 列出了所有成员。";
    SCENE_TURN = "scene.turn", Invalid, 422,
        "One [[when]] is not one thing that happens.", "一个 [[when]] 应只写一件事。";
        "Give each [[when]] one verb, and only what belongs to it.", "请让每个 [[when]] 只有一个动作及其成员。";
    SCENE_TOO_LARGE = "scene.too-large", Limited, 422,
        "The scene, or their number, is past a limit.", "场景过大或过多。";
        "Split it, or leave out what shows nothing new.", "请拆分，或去掉重复的内容。";
    SCENE_DIFFERS = "scene.differs", Invalid, 422,
        "What came is not what the scene says.", "实际结果与场景不一致。";
        "Mend the program, or run xitai test --update and look at what changed.", "请修改程序，或运行 xitai test --update 并核对变化。";
    SCENE_NOT_REPEATABLE = "scene.not-repeatable", Invalid, 422,
        "The same scene came out differently the second time.", "同一场景两次运行的结果不同。";
        "Take time and randomness from the context alone.", "时间和随机数只能取自上下文。";
    SCENE_FELL = "scene.fell", Invalid, 422,
        "The program fell where nobody expected it.", "程序在意料之外出错。";
        "Answer every event with a screen, whatever the customer or the host says.", "请对任何操作和任何回答都给出页面。";
    SCENE_BUDGET = "scene.budget", Limited, 422,
        "A step took more than the manifest's budget.", "某一步超出清单中的预算。";
        "Make the step cheaper, or raise xitai.budget and say why.", "请降低该步开销，或提高 xitai.budget 并说明原因。";
    SCENE_NONE = "scene.none", Invalid, 422,
        "The package has no scenes.", "程序包中没有场景。";
        "Add scenes/*.toml that show what the program does; docs/scenes.md says how.", "请添加 scenes/*.toml 展示程序的功能；写法见 docs/scenes.md。";
    SCENE_NOT_PLAYED = "scene.not-played", Limited, 422,
        "The scenes could not be played to their end.", "场景未能运行完毕。";
        "Make them shorter, or the program cheaper.", "请缩短场景，或降低程序开销。";
}
