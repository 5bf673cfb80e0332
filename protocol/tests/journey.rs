//! Every message packed and unpacked, and what must not pass.

use protocol::envelope::{pack, unpack};
use protocol::session::*;
use protocol::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

type Buffer = Vec<u8>;

/// Packs and unpacks a message; its name.
fn travelled<M>(message: &M) -> String
where
    M: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let (bytes, buffers) = pack::<Buffer>(message);
    let back: M = unpack(&bytes, buffers, Vec::len).unwrap_or_else(|error| panic!("{message:?}: {error}"));
    assert_eq!(back, *message);
    format!("{message:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn slice() -> SliceData<Buffer> {
    let around = Around::Volume(vec![9; 96].into());
    SliceData { width: 3, height: 2, intensities: vec![1; 24].into(), around }
}

/// A session with every kind of step.
fn session() -> SessionRecord {
    let mask = || MaskRecord { width: 3, height: 2, runs: vec![1, 2, 3] };
    let prompts = || vec![PromptRecord { line: vec![(0.1, 2.0), (1.0, 1.0)], closed: true, tumor: false }];
    let asked = |scope, answer| EditRecord::Prompts { prompts: prompts(), previous: Some(mask()), scope, answer };
    let length = |plane: Option<PlaneRecord>| {
        let line = plane.map(|plane| LengthRecord { plane, ends: [(0.25, 1.0), (2.0, -0.5)] });
        EditRecord::Length { number: 5, line, drag: 6 }
    };
    let edits = [
        asked(ScopeRecord::Whole, Some(1)),
        asked(ScopeRecord::Around { fresh: 1, mask: mask(), map: 0 }, None),
        asked(ScopeRecord::Beside { trust: 0.7 }, Some(0)),
        asked(ScopeRecord::Given, None),
        EditRecord::Stroke { pixels: vec![0, 5], tumor: true },
        EditRecord::Threshold(0.03),
        EditRecord::Diameters { lines: Some([(0.25, 1.0); 4]), drag: 3 },
        EditRecord::Diameters { lines: None, drag: 4 },
        EditRecord::Elsewhere,
        length(Some(PlaneRecord::Axial)),
        length(Some(PlaneRecord::Sagittal(4))),
        length(Some(PlaneRecord::Coronal(0))),
        length(None),
    ];
    let shared = Some(Shared { group: 7, what: What::Propagated });
    let steps = edits.into_iter().map(|edit| StepRecord { at_ms: 1.5, shared, edit }).collect();
    let slice = SliceRecord {
        image: "FLAIR".into(),
        slice: Some(2),
        digest: "0123456789abcdef".into(),
        width: 3,
        height: 2,
        mask: vec![6],
        presence: Some(0.25),
        map: Some(0),
        steps,
    };
    SessionRecord {
        format: FORMAT.into(),
        version: VERSION,
        program: "0.1.0".into(),
        saved_at_ms: 1e12,
        model: Some("m".into()),
        threshold: 0.03,
        maps: vec![(3, 2); 2],
        slices: vec![slice],
        comments: vec![("0123456789abcdef".into(), "c".into())],
        studies: studies(),
    }
}

fn studies() -> StudiesRecord {
    let [fixed, moving] = ["0123456789abcdef", "fedcba9876543210"].map(str::to_owned);
    let registration =
        Some(Registration { sure: true, spread_mm: 0.1, overlap: 0.9, turn_degrees: 6.0, shift_mm: 9.5 });
    StudiesRecord {
        joined: vec![[fixed.clone(), moving.clone()]],
        dates: vec![(fixed.clone(), "2024-02-01".into())],
        midlines: vec![MidlineRecord { study: fixed.clone(), plane: [1.0, 0.0, 0.0, 12.5], symmetry: 0.8 }],
        sequences: vec![SequenceRecord { study: fixed.clone(), sequence: 2, motion: motion() }],
        registrations: vec![RegistrationRecord { fixed, moving, link: link(registration), back: link(registration) }],
    }
}

fn surface() -> Surface<Buffer> {
    Surface { positions_mm: vec![1; 36].into(), triangles: vec![0; 12].into() }
}

fn motion() -> Motion {
    Motion { moving_from_fixed: [0.5; 12], registration: registration() }
}

fn link(registration: Option<Registration>) -> Link {
    Link { voxels: [0.25; 12], placed: true, registration }
}

fn registration() -> Registration {
    Registration { sure: true, spread_mm: 0.2, overlap: 0.9, turn_degrees: 3.5, shift_mm: 4.0 }
}

fn names() -> Names {
    ["a", "b", "c", "d"].into_iter().collect()
}

fn to_worker() -> Vec<ToWorker<Buffer>> {
    let (file, study, request) = (FileId(7), StudyId(2), RequestId(9));
    let line = [(3.0, 200.25), (4.5, 0.0)].map(|(x, y)| Point { x, y }).to_vec();
    let prompts = vec![Prompt { line, closed: true, tumor: false }];
    let export = |export| ToWorker::Export {
        study,
        export,
        deidentified: true,
        corrected: true,
        threshold: Some(0.03),
        now: ["20260101".into(), "120000".into()],
        model: "m".into(),
    };
    let axes_mm = Some((2, [4.5, 3.25]));
    let since = Since {
        date: Some("20240201".into()),
        days: Some(-365),
        ml: 2.5,
        percent: None,
        mean_diameter_mm: -0.25,
        mm_per_year: Some((4.5, [1.25, 7.75])),
        product_percent: Some(12.5),
        new_lesions: Some((2, 0.75)),
        response: "r".into(),
    };
    let area_mm2 = Some((1, 20.25));
    let figures = Figures {
        volume_ml: 1.5,
        area_mm2,
        axes_mm,
        laterality: Some(Laterality::Right),
        is_complete: false,
        since: Some(since.into()),
    };
    let onto = Onto { study: StudyId(5), voxels: [0.75; 12] };
    let refine = |previous| ToWorker::Refine { request, file, prompts: prompts.clone(), fresh: 1, previous };
    vec![
        ToWorker::Start { model: "models/x".into(), limit_ms: Some(230.5) },
        ToWorker::Open { file, name: "a.dcm".into(), bytes: vec![1, 2, 3].into() },
        ToWorker::Settle { on_screen: Some(study) },
        ToWorker::Compose { study, series: [Some(SeriesId(1)), None, Some(SeriesId(3))] },
        ToWorker::TakeVolume { study, sequence: 1, number: 59_412 },
        ToWorker::Stack { files: vec![file, FileId(8)], name: "s".into() },
        ToWorker::CloseStudy { study },
        export(Export::Nifti(vec![0, 1, 1].into())),
        export(Export::DicomSeg(vec![0, 1, 1].into())),
        export(Export::DicomLabelMap(vec![0, 1, 1].into())),
        export(Export::DicomProbabilities(vec![0, 255, 13].into())),
        export(Export::DicomReport { marks: vec![0, 1, 1].into(), figures }),
        export(Export::Surface { marks: vec![0, 1, 1].into(), format: SurfaceFormat::Glb }),
        export(Export::DicomPicture { size: [1, 2], rgba: vec![7; 8].into(), named: true }),
        ToWorker::HandOut { file },
        ToWorker::Take { file, slice: slice() },
        ToWorker::Segment { request, file, gate: Gate::Always },
        refine(None),
        refine(Some(vec![1, 0].into())),
        ToWorker::LookAt { file, at: Point { x: 1.5, y: 2.5 } },
        ToWorker::Cancel,
        ToWorker::Close { file },
        ToWorker::FindMidline { study },
        ToWorker::Surfaces { study, marks: vec![1, 0].into(), head: true, onto: None },
        ToWorker::Surfaces { study, marks: vec![1].into(), head: false, onto: Some(onto) },
        ToWorker::Link { fixed: study, moving: StudyId(3), register: true },
        ToWorker::RegisterSequence { study, sequence: 2 },
        ToWorker::PlaceSequence { study, sequence: 2, motion: Some(Box::new(motion())) },
        ToWorker::PackSession { session: Box::new(session()), maps: vec![2; 8].into(), measures: vec![].into() },
    ]
}

fn from_worker() -> Vec<FromWorker<Buffer>> {
    let (file, study, request) = (FileId(FIRST_FOUND + 7), StudyId(2), RequestId(9));
    let view =
        View { part: Some(Region { left: 1, top: 2, width: 3, height: 4 }), click_scale: 1.25, axial_head: true };
    let info =
        SliceInfo { width: 3, height: 2, single_sequence: false, binary: true, digest: u64::MAX, view, decode_us: 4 };
    let sequence = SequenceInfo {
        series: SeriesId(1),
        slope: 0.1,
        intercept: -3.5,
        window: (1.0, 2.0),
        range: (0, 65_535),
        resampled: true,
        motion: Some(motion()),
    };
    let ready = Ready {
        device: DeviceKind::WebGpu,
        adapter: "a".into(),
        model: "m".into(),
        folder: "f".into(),
        prompts: true,
        threshold: 0.03,
        presence_threshold: 0.003,
        presence_borders: [0.1, 0.7],
        mean_volume_dice: Some(0.86),
        mean_volume_dice_without: None,
        self_test_difference: 1e-4,
        slice_ms: Some(3.5),
    };
    let study_info = StudyInfo {
        study,
        first: file,
        name: "FLAIR".into(),
        size: [3, 2, 1],
        spacing_mm: Some([0.1, 0.2, 3.3]),
        voxel_mm3: None,
        placed: true,
        dicom: false,
        sequences: [None, Some(sequence.clone()), Some(sequence)],
        guessed: true,
        stands_in: true,
        axial_head: false,
        choices: vec![(SeriesId(1), "FLAIR".into())],
        volumes: 200,
        patient: vec![("Name".into(), "Doe^Jane".into())],
        digest: 1,
    };
    let times = Times { normalize_ms: 1.5, forward_ms: 400.0, encode_ms: 100.0 };
    let why = || Why { english: "w".into(), key: "k".into(), values: vec![("v".into(), Said::Tenths(15))] };
    let segmented = |probabilities| FromWorker::Segmented { request, file, presence: 0.25, probabilities, times };
    let mut all = vec![
        FromWorker::Hello,
        FromWorker::Loading { loaded: 1, total: 2 },
        FromWorker::Probing,
        FromWorker::Ready(ready),
        FromWorker::Failed(StartFailure::Device(Refusal::Slow { own_ms: 9.5, limit_ms: 1.5 })),
        FromWorker::Failed(StartFailure::Download { url: "u".into(), why: "w".into() }),
        FromWorker::Opened {
            file,
            info,
            others: vec![Point { x: 1.0, y: 2.5 }],
            planes: vec![3; 18].into(),
            marks: vec![1; 6].into(),
        },
        FromWorker::Framed { file, view },
        FromWorker::Unpacked { file, name: "n".into() },
        FromWorker::Kept { file },
        FromWorker::Rejected { file, problem: Problem::Unreadable { name: "n".into(), why: why() } },
        FromWorker::StudyOpened {
            info: Box::new(study_info),
            stored: [None, Some(vec![1; 12].into()), Some(vec![2; 12].into())],
        },
        FromWorker::Choices { study, choices: vec![(SeriesId(4), "T1".into())], volumes: 2 },
        FromWorker::Marked { study, name: "n".into(), own: true, also_fits: 1, marks: vec![1; 6].into() },
        FromWorker::Stackable { files: vec![file], name: "n".into() },
        FromWorker::Exported { study, format: ExportFormat::Nifti, bytes: vec![5; 7].into() },
        FromWorker::HandedOut { file, slice: slice() },
        segmented(None),
        segmented(Some(vec![0; 24].into())),
        FromWorker::SegmentFailed { request, file, failure: SegmentFailure::Device("lost".into()) },
        FromWorker::Midline { study, plane: [1.0, 0.0, 0.0, 12.5], symmetry: 0.75 },
        FromWorker::Surfaces { study, onto: Some(StudyId(5)), grid: [0.5; 12], tumor: Some(surface()), head: None },
        FromWorker::Linking { fixed: study, moving: StudyId(3), share: 0.5 },
        FromWorker::Linked {
            fixed: study,
            moving: StudyId(3),
            link: Box::new(link(None)),
            back: Box::new(link(Some(registration()))),
        },
        FromWorker::NotLinked { fixed: study, moving: StudyId(3), why: why() },
        FromWorker::RegisteringSequence { study, sequence: 0, share: 0.5 },
        FromWorker::SequenceRegistered { study, sequence: 0, motion: Box::new(motion()) },
        FromWorker::SequenceNotRegistered { study, sequence: 0, why: why() },
        FromWorker::SessionPacked { bytes: vec![5; 7].into() },
        FromWorker::Session { name: "n".into(), session: Box::new(session()), maps: vec![2; 8].into() },
    ];
    all.extend(remarks().into_iter().map(FromWorker::Noted));
    all.extend(problems().into_iter().map(FromWorker::Refused));
    all
}

/// A sentence with every kind of value.
fn why() -> Why {
    let values = [("file", Said::Word("a.nii".into())), ("bytes", Said::Count(1 << 40)), ("mm", Said::Tenths(-25))];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    Why { english: "w".into(), key: "k".into(), values }
}

fn remarks() -> Vec<Remark> {
    let (name, what, study) = ("n".to_owned(), why(), "s".to_owned());
    vec![
        Remark::LeftOut { names: names(), why: what.clone() },
        Remark::Bystanders { kinds: vec![("JSON".into(), 2)] },
        Remark::Doubled { names: names() },
        Remark::AlreadyOpen { count: 20, study: study.clone() },
        Remark::Odd { names: names(), what: what.clone() },
        Remark::Joined { study, names: names(), filled: vec![0, 2] },
        Remark::Assumed { name: name.clone(), what },
        Remark::Many { name: name.clone(), volumes: 59_412 },
        Remark::Halved { name },
        Remark::NoOtherHead,
    ]
}

fn problems() -> Vec<Problem> {
    let (name, why, study) = ("n".to_owned(), why(), "s".to_owned());
    vec![
        Problem::Unreadable { name: name.clone(), why: why.clone() },
        Problem::NothingToOpen { files: 3, kinds: vec![("text".into(), 3)] },
        Problem::LabelWithoutStudy { name: name.clone() },
        Problem::LabelFitsNone { name, why: why.clone() },
        Problem::Apart { why: why.clone() },
        Problem::NoSuchVolume { volumes: 3 },
        Problem::NoStack { why: why.clone() },
        Problem::SessionNotWritten { why: why.clone() },
        Problem::NoSurface { study: study.clone(), why: why.clone() },
        Problem::SessionDamaged { name: study.clone() },
        Problem::SessionNewer { name: study.clone() },
        Problem::MaskSize,
        Problem::NotWritten { study, why },
    ]
}

/// The variants of an enum, by its source.
fn variants(source: &str, name: &str) -> Vec<String> {
    let body = source.split(&format!("pub enum {name}")).nth(1).unwrap();
    let body = &body[..body.find("\n}").unwrap()];
    let lines = body.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    let names = lines.map(str::trim_start).filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|line| line.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
}

fn assert_complete(names: Vec<String>, variants: Vec<String>) {
    assert!(!variants.is_empty());
    variants.iter().for_each(|variant| assert!(names.contains(variant), "{variant} has no test"));
}

#[test]
fn every_message_survives_the_journey() {
    let names = to_worker().iter().map(travelled).collect();
    assert_complete(names, variants(include_str!("../src/to_worker.rs"), "ToWorker"));
    let names = from_worker().iter().map(travelled).collect();
    assert_complete(names, variants(include_str!("../src/from_worker.rs"), "FromWorker"));
    let notes = include_str!("../src/note.rs");
    assert_complete(remarks().iter().map(travelled).collect(), variants(notes, "Remark"));
    assert_complete(problems().iter().map(travelled).collect(), variants(notes, "Problem"));
}

#[test]
fn a_buffer_is_a_number_in_the_message() {
    let open = ToWorker::Open { file: FileId(1), name: "a".into(), bytes: vec![1u8, 2].into() };
    let (bytes, buffers) = pack::<Buffer>(&open);
    assert!(bytes.starts_with(&[1, 1, 1, b'a', 0]), "{bytes:?}");
    assert_eq!(buffers, [[1, 2]]);
}

#[test]
fn messages_that_browser_tests_look_for_have_these_numbers() {
    let numbers = include_str!("../../e2e/browser.mjs").split("MESSAGES = { ").nth(1).unwrap();
    let number_of =
        |name: &str| numbers.split(&format!("{name}: ")).nth(1).unwrap().split([',', ' ']).next().unwrap().parse();
    let mut asked = to_worker().into_iter();
    let segment = asked.find(|message| matches!(message, ToWorker::Segment { .. })).unwrap();
    let refine = asked.find(|message| matches!(message, ToWorker::Refine { .. })).unwrap();
    let ready = from_worker().into_iter().find(|message| matches!(message, FromWorker::Ready(_))).unwrap();
    assert_eq!(Ok(pack::<Buffer>(&segment).0[0]), number_of("SEGMENT"));
    assert_eq!(Ok(pack::<Buffer>(&refine).0[0]), number_of("REFINE"));
    assert_eq!(Ok(pack::<Buffer>(&ready).0[0]), number_of("READY"));
}

#[test]
fn what_another_version_wrote_is_an_error() {
    let (bytes, _) = pack::<Buffer>(&FromWorker::<Buffer>::Probing);
    let read = |bytes: &[u8]| unpack::<FromWorker<Buffer>, Buffer>(bytes, Vec::new(), Vec::len);
    assert_eq!(read(&bytes).unwrap(), FromWorker::Probing);
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 0x40;
        assert!(read(&other).unwrap_err().to_string().contains("different versions"), "byte {at}");
    }
    (0..bytes.len()).for_each(|length| assert!(read(&bytes[..length]).is_err(), "{length} bytes"));
}

#[test]
fn missing_surplus_and_cut_buffers_are_errors() {
    let segmented: FromWorker<Buffer> = FromWorker::Segmented {
        request: RequestId(1),
        file: FileId(1),
        presence: 0.5,
        probabilities: Some(vec![0; 8].into()),
        times: Times::default(),
    };
    let (bytes, _) = pack::<Buffer>(&segmented);
    let read = |buffers: Vec<Buffer>| unpack::<FromWorker<Buffer>, Buffer>(&bytes, buffers, Vec::len);
    assert!(read(vec![vec![0; 8]]).is_ok());
    assert!(read(Vec::new()).unwrap_err().to_string().contains("did not come"));
    assert!(read(vec![vec![0; 7]]).unwrap_err().to_string().contains("no multiple of 4"));
    assert!(read(vec![vec![0; 8], Vec::new()]).unwrap_err().to_string().contains("too many"));
    assert!(read(vec![vec![0; 8]]).is_ok(), "an error leaves nothing behind");
}

#[test]
fn a_buffer_that_is_named_twice_is_an_error() {
    let intensities = vec![0_u8; 8].into();
    let slice = SliceData { width: 2, height: 1, intensities, around: Around::Picture(vec![0_u8; 8].into()) };
    let (mut bytes, mut buffers) = pack::<Buffer>(&FromWorker::HandedOut { file: FileId(1), slice });
    let last = bytes.len() - 9;
    assert_eq!(bytes[last], 1, "the number of the second buffer, before the version");
    bytes[last] = 0;
    buffers.pop();
    let error = unpack::<FromWorker<Buffer>, Buffer>(&bytes, buffers, Vec::len).unwrap_err();
    assert!(error.to_string().contains("buffer 0 did not come"), "{error}");
}

#[test]
fn pieces_are_one_buffer_and_share_their_numbers() {
    let slices = [std::sync::Arc::new(vec![1u16, 2]), std::sync::Arc::new(vec![258u16])];
    let pieces = Pieces::shared(slices.clone());
    assert_eq!(pieces.to_vec(), [1, 0, 2, 0, 2, 1]);
    assert_eq!((pieces.len(), std::sync::Arc::strong_count(&slices[0])), (6, 2));
    let (_, packed) =
        pack::<Pieces>(&FromWorker::Exported { study: StudyId(1), format: ExportFormat::Nifti, bytes: pieces.into() });
    assert_eq!(packed[0].bytes().count(), 2);
    assert_eq!(std::sync::Arc::strong_count(&slices[0]), 2, "no copy");
}
