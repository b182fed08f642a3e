//! Each way in which an upload goes wrong gets a finding of its own.

use super::*;
use xitai_model::signature::SigningKey;
use zip::write::SimpleFileOptions;

const MANIFEST: &str = r#"{"app_id":"cn.bank.test","name":"T","icons":[{"src":"icon.svg"}],"pages":["pages/index"],
"version":{"name":"1.0.0","code":1},"platform_version":{"min_code":1},"req_permissions":[],
"xitai":{"component":"program.wasm","category":"test","state":{"writes":1,"reads":[1]},"storage":{"writes":1,"reads":[1]}}}"#;

fn good() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([
        (MANIFEST_NAME.to_owned(), MANIFEST.as_bytes().to_vec()),
        ("program.wasm".to_owned(), vec![7; 100]),
        ("icon.svg".to_owned(), b"<svg/>".to_vec()),
    ])
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

fn codes(bytes: &[u8]) -> Vec<String> {
    let reading = read(bytes);
    assert!(reading.package.is_none(), "must be refused: {:?}", reading.findings);
    reading.findings.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn a_good_package_reads_back_and_is_the_same_bytes_each_time() {
    let bytes = write(&good()).unwrap();
    assert_eq!(bytes, write(&good()).unwrap());
    let reading = read(&bytes);
    assert_eq!(reading.findings, vec![]);
    let package = reading.package.unwrap();
    assert_eq!(package.files, good());
    assert_eq!(package.component, vec![7; 100]);
}

#[test]
fn a_signed_package_is_the_built_one_with_a_block() {
    let built = write(&good()).unwrap();
    let (key, other) = (SigningKey::of_seed(&[1; 32]), SigningKey::of_seed(&[2; 32]));
    let signed = sign(&built, &key).unwrap();
    assert_eq!(sign(&signed, &key).unwrap(), signed, "the same key makes the same bytes");
    assert_eq!(parts(&signed).unwrap().content(), built, "without the block it is the file that was built");
    let package = read(&signed).package.expect("it reads");
    assert_eq!(package.files, good());
    assert_eq!(package.signature.unwrap().key, key.public());
    let theirs = read(&sign(&signed, &other).unwrap()).package.unwrap().signature.unwrap();
    assert_eq!(theirs.key, other.public(), "a new signature takes the place of the old one");
    assert!(read(&built).package.unwrap().signature.is_none());
}

#[test]
fn a_signature_of_another_package_is_refused() {
    let key = SigningKey::of_seed(&[1; 32]);
    let one = sign(&write(&good()).unwrap(), &key).unwrap();
    let mut files = good();
    files.insert("icon.svg".to_owned(), b"<svg />".to_vec());
    let two = sign(&write(&files).unwrap(), &key).unwrap();
    // The block of the one between the files and the directory of the other.
    let (from, of) = (parts(&one).unwrap(), parts(&two).unwrap());
    let at = |package: &[u8]| package.windows(16).position(|it| it == b"RPK Sig Block 42").unwrap() + 16;
    let mut replayed = two[..of.files_end].to_vec();
    replayed.extend_from_slice(&one[from.files_end..at(&one)]);
    replayed.extend_from_slice(&two[at(&two)..]);
    assert_eq!(codes(&replayed), ["package.signature"]);
}

#[test]
fn no_byte_of_a_signed_package_can_be_changed() {
    let signed = sign(&write(&good()).unwrap(), &SigningKey::of_seed(&[1; 32])).unwrap();
    for at in 0..signed.len() {
        let mut changed = signed.clone();
        changed[at] ^= 0x40;
        assert!(read(&changed).package.is_none(), "byte {at} of {}", signed.len());
    }
}

#[test]
fn bytes_that_belong_to_no_file_are_refused() {
    let built = write(&good()).unwrap();
    let before = [b"MZ", built.as_slice()].concat();
    let after = [built.as_slice(), b"#"].concat();
    let directory = parts(&built).unwrap().files_end;
    let mut between = [&built[..directory], b"hidden", &built[directory..]].concat();
    let place = between.len() - 6;
    between[place..place + 4].copy_from_slice(&(directory as u32 + 6).to_le_bytes());
    let mut comment = built.clone();
    let end = comment.len() - 2;
    comment[end] = 3;
    comment.extend_from_slice(b"abc");
    for (name, bytes) in [("before", before), ("after", after), ("between", between), ("comment", comment)] {
        let found = codes(&bytes);
        assert!(found.iter().any(|code| code.starts_with("package.")), "{name}: {found:?}");
        assert_eq!(found.len(), 1, "{name}: {found:?}");
    }
}

#[test]
fn what_is_no_zip_says_what_it_is() {
    let reading = read(b"\0asm\x01\0\0\0");
    assert_eq!(reading.findings[0].code, "package.malformed");
    assert!(reading.findings[0].evidence.contains("core module"), "{}", reading.findings[0].evidence);
    assert_eq!(codes(b""), ["package.malformed"]);
}

#[test]
fn a_truncated_package_says_so() {
    let bytes = write(&good()).unwrap();
    assert_eq!(codes(&bytes[..bytes.len() / 2]), ["package.truncated"]);
}

#[test]
fn a_flipped_byte_is_found() {
    let mut bytes = packed(&[(MANIFEST_NAME, MANIFEST.as_bytes()), ("icon.svg", b"<svg/>")]);
    let at = bytes.iter().position(|byte| *byte == b'P').unwrap() + 50;
    bytes[at] ^= 0xff;
    assert!(codes(&bytes).iter().any(|code| code == "package.malformed"));
}

#[test]
fn a_bomb_ends_at_the_limit() {
    let zeroes = vec![0_u8; 40 << 20];
    let bytes = packed(&[("a", &zeroes), ("b", &zeroes), (MANIFEST_NAME, MANIFEST.as_bytes())]);
    assert!(bytes.len() < 1 << 20);
    assert_eq!(codes(&bytes), ["package.zip-bomb"]);
}

#[test]
fn bad_names_are_all_told_at_once() {
    let held: &[u8] = b"x";
    let bytes = packed(&[("../up", held), ("a/../../b", held), ("a\\b", held), ("ok", held), ("c:d", held)]);
    let outside = "package.path-traversal";
    assert_eq!(codes(&bytes), [outside, outside, outside, "package.bad-name"]);
    assert_eq!(codes(&replaced(&packed(&[("Xetc/passwd", held)]), b"Xetc", b"/etc")), ["package.path-traversal"]);
    let long = "n".repeat(256);
    assert_eq!(codes(&packed(&[(&long, held)])), ["package.bad-name"]);
}

#[test]
fn one_name_twice_is_refused_also_in_another_case() {
    let held: &[u8] = b"x";
    assert_eq!(codes(&packed(&[("a.txt", held), ("A.txt", held)])), ["package.bad-name"]);
    let twice = replaced(&packed(&[("a1.txt", held), ("a2.txt", held)]), b"a2.txt", b"a1.txt");
    assert_eq!(codes(&twice), ["package.bad-name"]);
}

#[test]
fn too_many_files_are_refused() {
    let names: Vec<String> = (0..=PACKAGE_FILES_MAX).map(|n| format!("f{n}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(codes(&packed(&files)), ["package.too-many-files"]);
}

#[test]
fn a_package_names_what_it_lacks() {
    assert_eq!(codes(&packed(&[("a/manifest.json", b"{}")])), ["package.no-manifest"]);
    assert_eq!(codes(&packed(&[(MANIFEST_NAME, b"{")])), ["manifest.malformed"]);
    let lacking = packed(&[(MANIFEST_NAME, MANIFEST.as_bytes())]);
    assert_eq!(codes(&lacking), ["package.file-missing", "package.no-component"]);
}

#[test]
fn a_package_without_a_runtime_is_small() {
    let mut files = good();
    // Bytes that deflate cannot shrink.
    let mut seed = 1_u64;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 56) as u8
    });
    files.insert("program.wasm".to_owned(), noise.take(3 << 20).collect());
    assert_eq!(codes(&write(&files).unwrap()), ["package.too-large"]);
}
