//! FLAIR that comes after what was shown for want of it.

mod made;

use made::{Desk, Series, choices, chosen, examination, nifti, sequence};
use protocol::{Names, Remark};

#[test]
fn flair_takes_the_place_of_what_stood_in() {
    for stand_in in ["AX T1 PRE", "AX T2 FSE", "DWI b1000"] {
        let mut desk = Desk::default();
        let first = desk.study(Series::new("A", "1", stand_in).files());
        assert!(first.stands_in);
        let heard = desk.drop(Series::new("A", "2", "AX FLAIR").files());
        let [now] = &heard.studies()[..] else { panic!("{heard:?}") };
        assert_eq!((now.study, now.name.as_str()), (first.study, "AX FLAIR"));
        assert!(!now.stands_in && !now.guessed, "{stand_in}");
        assert_eq!(now.first, first.first, "what was corrected on the same voxels stays");
        let pre = (stand_in == "AX T1 PRE").then_some(stand_in);
        assert_eq!([0, 1, 2].map(|at| sequence(now, at)), [pre, Some("AX FLAIR"), None]);
        let names: Names = ["AX FLAIR"].into_iter().collect();
        let filled = if pre.is_some() { vec![0, 1] } else { vec![1] };
        assert!(heard.remarks().contains(&&Remark::Joined { study: stand_in.into(), names, filled }));
    }
}

#[test]
fn flair_on_another_grid_has_slices_of_its_own() {
    let mut desk = Desk::default();
    let first = desk.study(Series::new("A", "1", "AX T1 PRE").files());
    let heard = desk.drop(Series { columns: 7, ..Series::new("A", "2", "AX FLAIR") }.files());
    let [now] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!((now.study, now.size[0]), (first.study, 7));
    assert_ne!(now.first, first.first);
    assert!(!now.stands_in && sequence(now, 0) == Some("AX T1 PRE"));
}

#[test]
fn a_name_that_says_flair_takes_the_place_of_a_guess() {
    let mut desk = Desk::default();
    let first = desk.study(Series::new("A", "1", "brain").files());
    assert!(first.guessed && !first.stands_in);
    let now = desk.study(Series::new("A", "2", "AX FLAIR").files());
    assert!(!now.guessed && sequence(&now, 1) == Some("AX FLAIR"));
    let heard = desk.drop(Series::new("A", "3", "COR FLAIR").files());
    assert!(heard.studies().is_empty(), "the first stays: {heard:?}");
}

#[test]
fn whoever_chose_flair_by_hand_keeps_it() {
    let mut desk = Desk::default();
    let both = [Series::new("A", "1", "AX T1 PRE").files(), Series::new("A", "2", "AX T2 FSE").files()].concat();
    let first = desk.study(both);
    let heard = desk.compose(first.study, [None, chosen(&first)[0], None]);
    assert!(!heard.studies()[0].stands_in);
    let heard = desk.drop(Series::new("A", "3", "AX FLAIR").files());
    assert!(heard.studies().is_empty(), "{heard:?}");
}

#[test]
fn files_of_the_same_subject_join_what_has_no_flair() {
    for [t1, post, flair] in [
        ["a_t1.nii", "a_t1ce.nii", "a_flair.nii"],
        ["p1/sub-01_T1w.nii", "p2/sub-01_ce-gd_T1w.nii", "p3/sub-01_FLAIR.nii"],
        ["BraTS-1-t1n.nii", "BraTS-1-t1c.nii", "BraTS-1-t2f.nii"],
    ] {
        let mut desk = Desk::default();
        let first = desk.study([nifti(t1, true, 1, 0)]);
        let more = desk.study([nifti(post, true, 1, 3)]);
        assert!(more.study == first.study && more.stands_in, "{post}");
        let now = desk.study([nifti(flair, true, 1, 5)]);
        assert_eq!(now.study, first.study, "{flair}");
        let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let names = [t1, flair, post].map(short);
        assert_eq!([0, 1, 2].map(|at| sequence(&now, at)), [0, 1, 2].map(|at| Some(names[at].as_str())));
    }
}

#[test]
fn files_of_another_subject_or_beside_a_flair_stay_apart() {
    for [open, late] in [["a_t1.nii", "b_flair.nii"], ["a_flair.nii", "a_flair_2.nii"], ["t1.nii", "a_flair.nii"]] {
        let mut desk = Desk::default();
        let first = desk.study([nifti(open, true, 1, 0)]);
        desk.on_screen = Some(first.study);
        let late = desk.study([nifti(late, true, 1, 5)]);
        assert_ne!(late.study, first.study, "{open}");
        assert_eq!(choices(&late).len(), 1);
    }
    let mut desk = Desk::default();
    let first = desk.study(examination("A"));
    desk.on_screen = Some(first.study);
    assert_ne!(desk.study([nifti("flair.nii", true, 1, 0)]).study, first.study);
}

#[test]
fn names_that_say_nothing_join_what_is_on_screen_and_that_is_said() {
    let mut desk = Desk::default();
    let first = desk.study([nifti("t1.nii", true, 1, 0)]);
    let apart = desk.study([nifti("flair.nii", true, 1, 5)]);
    assert_ne!(apart.study, first.study, "it is not on screen");
    desk.on_screen = Some(first.study);
    let heard = desk.drop([nifti("flair.nii", true, 1, 5)]);
    let [now] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!((now.study, sequence(now, 0), now.stands_in), (first.study, Some("t1.nii"), false));
    assert!(heard.text().contains("taken for the same patient as the study on screen"), "{}", heard.text());
    // Without FLAIR there is no reason to.
    let mut desk = Desk::default();
    desk.on_screen = Some(desk.study([nifti("t1.nii", true, 1, 0)]).study);
    assert_ne!(Some(desk.study([nifti("t1_post.nii", true, 1, 5)]).study), desk.on_screen);
}
