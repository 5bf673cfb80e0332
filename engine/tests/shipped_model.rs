//! The model that the page loads, on the CPU, through the same calls as in the browser.

use std::fs;
use std::path::PathBuf;

use burn::prelude::Device;
use engine::{EngineError, Manifest, ManifestError, Segmenter, SelfTest, SelfTestError};
use imaging::{Mask, Overlap, Slice, decode, decode_label};
use pollster::block_on;

const TUMOUR: &str = "TCGA_CS_4941_19960909_13";
const EMPTY: &str = "TCGA_HT_7881_19981015_18";

fn public(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../public").join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn model(file: &str) -> Vec<u8> {
    public(&format!("models/lgg-resunetpp/{file}"))
}

fn manifest() -> Manifest {
    Manifest::parse(&model("manifest.json")).unwrap()
}

fn segmenter() -> Segmenter {
    Segmenter::new(manifest(), model("weights.safetensors"), Device::flex()).unwrap()
}

fn sample(name: &str) -> Slice {
    decode(&public(&format!("samples/{name}.webp"))).unwrap()
}

#[test]
fn the_self_test_passes_and_a_wrong_answer_is_noticed() {
    let segmenter = segmenter();
    let bytes = model("self-test.safetensors");
    let test = SelfTest::parse(&bytes).unwrap();
    assert!(block_on(test.run(&segmenter)).unwrap() <= segmenter.manifest().self_test.tolerance);

    // The last numbers of the file are the presence logit.
    let mut wrong = bytes.clone();
    let end = wrong.len();
    wrong[end - 4..].copy_from_slice(&1e3f32.to_le_bytes());
    let refused = block_on(SelfTest::parse(&wrong).unwrap().run(&segmenter));
    assert!(matches!(refused, Err(SelfTestError::Mismatch { .. })), "{refused:?}");
    assert!(matches!(SelfTest::parse(&bytes[..100]), Err(SelfTestError::Malformed(_))));
}

#[test]
fn the_mask_of_a_tumour_slice_agrees_with_its_label() {
    let label = decode_label(&public(&format!("samples/{TUMOUR}_mask.png"))).unwrap();
    let segmenter = segmenter();
    let (presence, map) = block_on(segmenter.segment(&sample(TUMOUR))).unwrap();
    let dice = Overlap::between(&map.mask(segmenter.manifest().threshold), &label).unwrap().dice().unwrap();
    assert!(presence > 0.5 && dice >= 0.85, "presence {presence}, Dice {dice}");
}

#[test]
fn an_empty_slice_does_not_pay_for_the_decoder() {
    let segmenter = segmenter();
    let slice = sample(EMPTY);
    let (presence, map) = block_on(segmenter.segment(&slice)).unwrap();
    assert!(segmenter.is_empty(presence));
    assert_eq!(map.mask(f32::MIN_POSITIVE).area_px(), 0);
    // The decoder is not what kept it empty: it has an opinion of its own.
    let decoded =
        block_on(async { segmenter.decode(segmenter.encode(&segmenter.prepare(&slice)).await.unwrap()).await });
    assert!(decoded.unwrap().values().iter().any(|&probability| probability > 0.0));
}

#[test]
fn a_slice_of_any_shape_gets_its_mask_on_its_own_grid() {
    let whole = sample(TUMOUR);
    // Columns 30.. and rows 0..200: another aspect ratio, and no side that 16 divides.
    let (left, width, height) = (30, 221, 203);
    let crop = |index: usize| {
        let plane = whole.sequence(index);
        (0..height).flat_map(|y| plane[y * 256 + left..][..width].to_vec()).collect()
    };
    let slice = Slice::new(width, height, (0..3).map(crop).collect());
    let segmenter = segmenter();
    let (_, map) = block_on(segmenter.segment(&slice)).unwrap();
    assert_eq!((map.width(), map.height()), (width, height));

    let threshold = segmenter.manifest().threshold;
    let (_, of_whole) = block_on(segmenter.segment(&whole)).unwrap();
    let (cropped, whole) = (map.mask(threshold), of_whole.mask(threshold));
    let both = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let both = both.filter(|&(x, y)| cropped.contains(x, y) && whole.contains(x + left, y)).count();
    let dice = 2.0 * both as f64 / (cropped.area_px() + whole.area_px()) as f64;
    assert!(dice > 0.85, "the crop's mask lies elsewhere: Dice {dice}");
}

#[test]
fn a_head_that_is_small_in_a_picture_of_a_screen_gets_its_mask() {
    let (left, top, width, height) = (700, 90, 1600, 900);
    let slice = sample(TUMOUR);
    // Twice as large, amid much black.
    let at = |x: usize, y: usize| {
        let inside = (left..left + 512).contains(&x) && (top..top + 512).contains(&y);
        inside.then(|| (y - top) / 2 * 256 + (x - left) / 2)
    };
    let on_screen = |index: usize| {
        let value = |place: usize| at(place % width, place / width).map_or(0.0, |at| slice.sequence(index)[at]);
        (0..width * height).map(value).collect()
    };
    let segmenter = segmenter();
    let threshold = segmenter.manifest().threshold;
    let (_, map) = block_on(segmenter.segment(&Slice::new(width, height, (0..3).map(on_screen).collect()))).unwrap();
    let label = decode_label(&public(&format!("samples/{TUMOUR}_mask.png"))).unwrap();
    let marked = |place: usize| at(place % width, place / width).is_some_and(|at| label.pixels()[at]);
    let label = Mask::new(width, height, (0..width * height).map(marked).collect());
    let dice = Overlap::between(&map.mask(threshold), &label).unwrap().dice().unwrap();
    assert!(dice >= 0.85, "Dice {dice}");
}

#[test]
fn one_sequence_is_the_same_as_three_equal_ones() {
    let flair = sample(TUMOUR).sequence(1).to_vec();
    let segmenter = segmenter();
    let answers = [vec![flair.clone()], vec![flair; 3]]
        .map(|sequences| block_on(segmenter.segment(&Slice::new(256, 256, sequences))).unwrap());
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn damaged_weights_are_refused() {
    let mut weights = model("weights.safetensors");
    let middle = weights.len() / 2;
    weights[middle] ^= 1;
    let refused = Segmenter::new(manifest(), weights, Device::flex()).err();
    assert!(matches!(refused, Some(EngineError::Manifest(ManifestError::Checksum { .. }))), "{refused:?}");
}

#[test]
fn a_manifest_of_another_version_names_the_field() {
    let json = String::from_utf8(model("manifest.json")).unwrap();
    let error = Manifest::parse(json.replace("\"threshold\"", "\"cutoff\"").as_bytes()).unwrap_err();
    assert!(error.to_string().contains("cutoff"), "{error}");
}
