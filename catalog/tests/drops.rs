//! A drop sorted out: what opens, what is left out, and what is said of it.

mod made;

use made::{Desk, Series, binary_png, examination, nifti, png, text, zipped};
use protocol::{FileId, FromWorker, Point, Problem, Remark, ToWorker};

#[test]
fn every_file_is_answered_once() {
    let mut desk = Desk::default();
    let files = [
        png("a.png", 20, 16, 1),
        nifti("flair.nii", true, 1, 0),
        Series::new("A", "1", "FLAIR").file(0),
        text("letter.png", "Dear colleague,"),
        text("scan.mif", "mrtrix image\n"),
        zipped("a.zip", [png("b.png", 20, 16, 1)]),
    ];
    for file in files {
        let name = file.0.clone();
        let (id, heard) = desk.open(file);
        let answers = heard.0.iter().filter(|message| match message {
            FromWorker::Opened { file, .. } | FromWorker::Kept { file } | FromWorker::Rejected { file, .. } => {
                *file == id
            }
            _ => false,
        });
        assert_eq!(answers.count(), 1, "{name}: {heard:?}");
    }
}

#[test]
fn a_picture_is_a_slice_at_once() {
    let mut desk = Desk::default();
    let (id, heard) = desk.open(png("a.png", 20, 16, 1));
    let [FromWorker::Opened { file, info, planes, marks, .. }] = &heard.0[..] else { panic!("{heard:?}") };
    assert_eq!((*file, info.width, info.height, info.single_sequence, info.binary), (id, 20, 16, true, false));
    assert_eq!((planes.buffer.len(), marks.buffer.len()), (3 * 320, 320));
    assert!(desk.catalog.slice(id).is_some());
}

#[test]
fn a_closed_picture_is_forgotten() {
    let mut desk = Desk::default();
    let (id, _) = desk.open(png("a.png", 20, 16, 1));
    assert!(desk.say(ToWorker::Close { file: id }).0.is_empty());
    assert!(desk.catalog.slice(id).is_none());
    assert_eq!(desk.catalog.pictures(), 0);
    assert!(desk.say(ToWorker::LookAt { file: id, at: Point { x: 1.0, y: 1.0 } }).0.is_empty());
}

#[test]
fn two_grey_levels_are_those_of_a_label() {
    let (_, heard) = Desk::default().open(binary_png("a_mask.png", 20, 16));
    let [FromWorker::Opened { info, marks, .. }] = &heard.0[..] else { panic!("{heard:?}") };
    assert!(info.binary);
    assert_eq!(marks.buffer.to_vec().iter().filter(|&&mark| mark == 1).count(), 136 + 48);
}

#[test]
fn there_is_no_other_head_on_a_picture_of_one() {
    let mut desk = Desk::default();
    let (file, _) = desk.open(png("a.png", 20, 16, 1));
    let heard = desk.say(ToWorker::LookAt { file, at: Point { x: 3.0, y: 3.0 } });
    assert_eq!(heard.remarks(), [&Remark::NoOtherHead]);
}

#[test]
fn the_same_picture_has_the_same_digest_and_another_another() {
    let mut desk = Desk::default();
    let mut digest = |file| match &desk.open(file).1.0[0] {
        FromWorker::Opened { info, .. } => info.digest,
        other => panic!("{other:?}"),
    };
    let (a, b, c) = (digest(png("a.png", 20, 16, 1)), digest(png("b.png", 20, 16, 1)), digest(png("a.png", 20, 16, 2)));
    assert!(a == b && a != c);
}

#[test]
fn a_ct_beside_mr_is_left_out_by_name() {
    let ct = Series { modality: "CT", ..Series::new("A", "5", "HEAD") }.file(0);
    let heard = Desk::default().drop([examination("A"), vec![ct]].concat());
    assert_eq!(heard.studies().len(), 1);
    let left_out = |remark: &&Remark| matches!(remark, Remark::LeftOut { names, why } if names.first == ["A_5_0.dcm"] && why.contains("CT"));
    assert!(heard.remarks().iter().any(left_out), "{heard:?}");
}

#[test]
fn many_of_one_reason_are_one_remark() {
    let ct = Series { modality: "CT", slices: 9, ..Series::new("A", "5", "HEAD") }.files();
    let heard = Desk::default().drop(ct);
    let [Remark::LeftOut { names, .. }] = heard.remarks()[..] else { panic!("{heard:?}") };
    assert_eq!((names.first.len(), names.more), (3, 6));
}

#[test]
fn many_files_that_are_refused_for_one_reason_are_two_messages() {
    let scans = (1..=9).map(|at| text(&format!("scan_{at}.mif"), "mrtrix image\ndim: 3"));
    let heard = Desk::default().drop(scans);
    let [Problem::Unreadable { name, why }] = heard.problems()[..] else { panic!("{heard:?}") };
    let [Remark::LeftOut { names, why: again }] = heard.remarks()[..] else { panic!("{heard:?}") };
    assert_eq!((name.as_str(), why), ("scan_1.mif", again));
    assert_eq!((names.first.len(), names.more), (3, 5));
}

#[test]
fn damaged_files_are_named_and_the_rest_opens() {
    let whole = examination("A");
    // In its header, between two elements of it, and in the middle of its pixels, which come last.
    for length in [600, whole[3].1.len() - 8] {
        let mut files = whole.clone();
        files[3].1.truncate(length);
        let heard = Desk::default().drop(files);
        let [Problem::Unreadable { name, why }] = heard.problems()[..] else { panic!("{heard:?}") };
        assert_eq!(name, "A_1_3.dcm");
        assert!(!why.is_empty());
        assert_eq!(heard.studies().len(), 1);
    }
}

#[test]
fn a_name_is_never_empty() {
    for name in ["", "  "] {
        let heard = Desk::default().drop([text(name, "?")]);
        assert!(heard.text().contains("a file without a name"), "{heard:?}");
    }
}

#[test]
fn a_file_by_itself_is_called_what_it_is() {
    for (file, what) in [
        (text("letter.png", "Dear colleague,"), "text"),
        (text("report", "%PDF-1.4 ..."), "PDF"),
        (text("a.json", "{\"EchoTime\": 0.1}"), "JSON"),
        (text("scan.mif", "mrtrix image\ndim: 3"), "MRtrix"),
        (text("empty.png", ""), "empty"),
    ] {
        let heard = Desk::default().drop([file.clone()]);
        let [Problem::Unreadable { name, why }] = heard.problems()[..] else { panic!("{heard:?}") };
        assert!(*name == file.0 && why.contains(what), "{why}");
        assert!(heard.remarks().is_empty());
    }
}

fn accompanying() -> Vec<made::File> {
    vec![
        text("t1.json", "{\"EchoTime\": 0.1}"),
        text("flair.json", "{}"),
        text("README", "Thanks for downloading"),
        text("dwi.bval", "0 0 1000"),
        text("report.pdf", "%PDF-1.4"),
    ]
}

#[test]
fn bystanders_are_counted_in_one_line() {
    let heard = Desk::default().drop([examination("A"), accompanying()].concat());
    let kinds = [("JSON", 2), ("README", 1), ("BVAL", 1), ("PDF", 1)].map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(heard.remarks(), [&Remark::Bystanders { kinds: kinds.into() }]);
    assert!(heard.problems().is_empty());
}

#[test]
fn bystanders_alone_are_one_message_that_nothing_opened() {
    let heard = Desk::default().drop(accompanying());
    assert!(matches!(heard.problems()[..], [Problem::NothingToOpen { files: 5, .. }]), "{heard:?}");
    let heard = Desk::default().drop([zipped("a.zip", accompanying())]);
    assert!(matches!(heard.problems()[..], [Problem::NothingToOpen { files: 5, .. }]), "{heard:?}");
}

#[test]
fn what_is_called_a_scan_and_is_none_is_named() {
    for (file, what) in [
        (text("IM1.dcm", "<!DOCTYPE html><html>Log in"), "web page"),
        (text("t1.nii.gz", "version https://git-lfs.github.com/spec/v1\noid sha256:ab\n"), "Git LFS"),
        (text("flair.nii", "Dear colleague,"), "text"),
    ] {
        let name = file.0.clone();
        let heard = Desk::default().drop([examination("A"), vec![file]].concat());
        let [Problem::Unreadable { name: said, why }] = heard.problems()[..] else { panic!("{heard:?}") };
        assert!(*said == name && why.contains(what), "{why}");
    }
}

#[test]
fn a_scan_of_another_format_is_no_bystander() {
    let heard = Desk::default().drop([examination("A"), vec![text("scan.mif", "mrtrix image\ndim: 3")]].concat());
    let [Problem::Unreadable { name, .. }] = heard.problems()[..] else { panic!("{heard:?}") };
    assert_eq!(name, "scan.mif");
}

#[test]
fn an_empty_drop_says_nothing() {
    assert!(Desk::default().drop([]).0.is_empty());
}

#[test]
fn what_waited_for_one_drop_is_not_said_in_the_next() {
    let mut desk = Desk::default();
    let ct = Series { modality: "CT", ..Series::new("A", "5", "HEAD") }.file(0);
    desk.drop([ct]);
    assert!(desk.drop([nifti("flair.nii", true, 1, 0)]).remarks().is_empty());
}

#[test]
fn numbered_pictures_of_one_size_look_like_a_volume() {
    let names = ["s_10.png", "s_2.png", "s_1.png", "s_3.png"];
    let mut desk = Desk::default();
    let heard = desk.drop(names.map(|name| png(name, 20, 16, 1)));
    let stack = heard.0.iter().find_map(|message| match message {
        FromWorker::Stackable { files, name } => Some((files.clone(), name.as_str())),
        _ => None,
    });
    assert_eq!(stack, Some(([3, 2, 4, 1].map(FileId).to_vec(), "s")));
}

#[test]
fn pictures_become_one_volume_when_they_are_told_to() {
    let mut desk = Desk::default();
    let heard = desk.drop((1..=5).map(|at| png(&format!("s_{at}.png"), 20, 16, at)));
    let Some(FromWorker::Stackable { files, name }) = heard.0.last() else { panic!("{heard:?}") };
    let heard = desk.say(ToWorker::Stack { files: files.clone(), name: name.clone() });
    let [study] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!((study.size, study.name.as_str(), study.placed, study.choices.len()), ([20, 16, 5], "s", false, 1));
    // The pictures stay until the page closes them.
    assert_eq!((desk.catalog.pictures(), desk.catalog.volumes()), (5, 1));
    let heard = desk.say(ToWorker::Stack { files: vec![FileId(1)], name: "s".into() });
    assert!(matches!(heard.problems()[..], [Problem::NoStack { .. }]));
}

#[test]
fn a_file_of_several_pages_is_a_study() {
    let bytes = include_bytes!("../../imaging/tests/fixtures/pages_u8.tif").to_vec();
    let study = Desk::default().study([("stack.tif".to_owned(), bytes)]);
    assert!(study.size[2] > 1, "{study:?}");
}

#[test]
fn halves_of_a_pair_find_each_other_and_a_lone_half_is_said() {
    let [hdr, img] = made::pair("flair", nifti("a.nii", true, 1, 0).1);
    for files in [[hdr.clone(), img.clone()], [img, hdr.clone()]] {
        let study = Desk::default().study(files);
        assert_eq!((study.size, study.name.as_str()), (made::SIZE, "flair.hdr"));
    }
    let heard = Desk::default().drop([hdr]);
    assert!(heard.text().contains(".img file is missing"), "{}", heard.text());
}

#[test]
fn few_unlike_or_unnumbered_pictures_do_not() {
    let unlike = |at: u32| png(&format!("s_{at}.png"), 20 + at, 16, 1);
    let drops = [
        (1..4).map(|at| png(&format!("s_{at}.png"), 20, 16, 1)).collect::<Vec<_>>(),
        (1..6).map(unlike).collect(),
        ["a.png", "b.png", "c.png", "d.png"].map(|name| png(name, 20, 16, 1)).into(),
        (1..6).map(|at| png(&format!("s_{at}_mask.png"), 20, 16, 1)).collect(),
        (1..6).map(|at| binary_png(&format!("s_{at}.png"), 20, 16)).collect(),
    ];
    for files in drops {
        let heard = Desk::default().drop(files);
        assert!(!heard.0.iter().any(|message| matches!(message, FromWorker::Stackable { .. })), "{heard:?}");
    }
}

#[test]
fn messages_to_a_device_are_none_of_the_catalogs() {
    let mut desk = Desk::default();
    assert!(desk.say(ToWorker::Cancel).0.is_empty());
    assert!(desk.say(ToWorker::HandOut { file: FileId(1) }).0.is_empty());
}
