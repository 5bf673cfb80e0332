//! What a study or a picture is doubted for.

mod made;

use made::{Desk, Series, chosen, examination, nifti};
use protocol::FromWorker;

#[test]
fn a_series_that_says_it_is_something_else_only_stands_in() {
    for name in ["AX T1 PRE", "AX T1 +C", "AX T2 FSE", "DWI b1000", "ADC"] {
        let study = Desk::default().study(Series::new("A", "1", name).files());
        assert!(study.stands_in && study.guessed, "{name}");
        assert!(study.sequences[1].is_some(), "{name}: it can be looked at");
    }
    for name in ["sub-01_T1w.nii", "t1.nii", "T2w.nii"] {
        assert!(Desk::default().study([nifti(name, true, 1, 0)]).stands_in, "{name}");
    }
    for name in ["brain.nii", "flair.nii", "volume 3.nii"] {
        assert!(!Desk::default().study([nifti(name, true, 1, 0)]).stands_in, "{name}");
    }
    assert!(!Desk::default().study(examination("A")).stands_in);
}

#[test]
fn whoever_chooses_flair_by_hand_has_chosen() {
    let mut desk = Desk::default();
    let files = [Series::new("A", "1", "AX T1 PRE").files(), Series::new("A", "2", "AX T2 FSE").files()].concat();
    let study = desk.study(files);
    assert!(study.stands_in);
    let [pre, flair, _] = chosen(&study);
    let heard = desk.compose(study.study, [None, flair, None]);
    assert!(heard.studies()[0].stands_in, "another sequence was chosen, not this one");
    let heard = desk.compose(study.study, [None, pre, None]);
    assert!(!heard.studies()[0].stands_in);
}

#[test]
fn a_picture_says_whether_it_shows_a_head() {
    let file =
        |path: &str| (path.to_owned(), std::fs::read(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    let looks = |file| {
        let (_, heard) = Desk::default().open(file);
        heard.0.iter().find_map(|message| match message {
            FromWorker::Opened { info, .. } => Some(info.view.axial_head),
            _ => None,
        })
    };
    assert_eq!(looks(file("public/samples/TCGA_CS_4941_19960909_13.webp")), Some(true));
    assert_eq!(looks(file("e2e/fixtures/palette_64x96.png")), Some(false));
}

#[test]
fn a_study_is_judged_as_a_whole() {
    let sample = |part: &str| {
        let name = format!("TCGA_CS_4941_19960909_{part}.nii.gz");
        let path = format!("{}/../public/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        (name, std::fs::read(path).unwrap())
    };
    assert!(Desk::default().study([sample("t1_pre"), sample("flair"), sample("t1_post")]).axial_head);
    assert!(Desk::default().study([sample("flair")]).axial_head);
    assert!(!Desk::default().study([nifti("flair.nii", true, 1, 0)]).axial_head, "a ramp of numbers");
}
