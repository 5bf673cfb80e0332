//! The model that the page loads, on the CPU, through the same calls as in the browser.

use std::fs;
use std::ops::Range;
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

/// Dice of the mask of a picture that shows columns and rows of the sample's FLAIR, `scale` times as large, in a rectangle
/// that begins at `left` and `top`, surrounded by one colour.
fn dice_on(
    (width, height): (usize, usize),
    colour: f32,
    (left, top, scale): (usize, usize, usize),
    (columns, rows): (Range<usize>, Range<usize>),
) -> f64 {
    let (slice, label) = (sample(TUMOUR), decode_label(&public(&format!("samples/{TUMOUR}_mask.png"))).unwrap());
    let at = |place: usize| {
        let (x, y) = ((place % width).checked_sub(left)? / scale, (place / width).checked_sub(top)? / scale);
        (x < columns.len() && y < rows.len()).then(|| (rows.start + y) * 256 + columns.start + x)
    };
    let places = || (0..width * height).map(at);
    let flair = places().map(|at| at.map_or(colour, |at| slice.sequence(1)[at])).collect();
    let picture = Slice::new(width, height, vec![flair]);
    let label = Mask::new(width, height, places().map(|at| at.is_some_and(|at| label.pixels()[at])).collect());
    let segmenter = segmenter();
    let (_, map) = block_on(segmenter.segment(&picture)).unwrap();
    Overlap::between(&map.mask(segmenter.manifest().threshold), &label).unwrap().dice().unwrap()
}

#[test]
fn a_head_that_is_small_in_a_picture_of_a_screen_gets_its_mask() {
    let dice = dice_on((1600, 900), 0.0, (700, 90, 2), (0..256, 0..256));
    assert!(dice >= 0.85, "Dice {dice}");
}

#[test]
fn a_head_on_a_white_page_or_cut_close_gets_its_mask() {
    // The columns and rows that the head takes.
    let head = (24..232, 3..253);
    for (size, left, top) in [((400, 380), 80, 40), ((208, 250), 0, 0)] {
        let dice = dice_on(size, 1.0, (left, top, 1), head.clone());
        assert!(dice >= 0.85, "in {size:?}: Dice {dice}");
    }
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
fn a_manifest_says_whom_its_thresholds_were_chosen_on_or_nothing() {
    let shipped = manifest();
    let origin = shipped.thresholds_from.clone().unwrap();
    assert_eq!((origin.model.as_str(), origin.tuning_patients, origin.seed), ("tuned", 6, Some(1)));
    // What earlier versions wrote is read too, and written as it was.
    let mut json = serde_json::to_value(&shipped).unwrap();
    json.as_object_mut().unwrap().remove("thresholds_from");
    let earlier = Manifest::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!((earlier.thresholds_from.clone(), earlier.threshold), (None, shipped.threshold));
    assert_eq!(serde_json::to_value(&earlier).unwrap(), json);
}

#[test]
fn a_manifest_of_another_version_names_the_field() {
    let json = String::from_utf8(model("manifest.json")).unwrap();
    let error = Manifest::parse(json.replace("\"threshold\"", "\"cutoff\"").as_bytes()).unwrap_err();
    assert!(error.to_string().contains("cutoff"), "{error}");
}
