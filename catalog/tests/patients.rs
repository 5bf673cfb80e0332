//! Two patients at once, more of one examination later, choosing, closing.

mod made;

use made::{Desk, Heard, Series, choices, chosen, examination, nifti, sequence, zipped};
use protocol::{FileId, FromWorker, Names, Problem, Remark, SeriesId, StudyId, ToWorker};

#[test]
fn an_examination_is_known_by_the_first_bytes_of_a_file() {
    let (_, bytes) = examination("A").remove(0);
    let whole = study::examination(&bytes).unwrap();
    assert_eq!(whole.patient().written(), "a");
    // Without the last bytes, which are pixels, and what lies before them.
    for cut in [70, 120] {
        let part = study::examination(&bytes[..bytes.len() - cut]).unwrap();
        assert_eq!((part.study.as_str(), part.patient()), (whole.study.as_str(), whole.patient()));
    }
    assert_eq!(study::examination(&bytes[..140]), None);
    assert_eq!(study::examination(b"no DICOM file"), None);
}

#[test]
fn three_series_are_one_study_with_its_sequences_by_name() {
    let study = Desk::default().study(examination("A"));
    assert_eq!([0, 1, 2].map(|at| sequence(&study, at)), [Some("AX T1 PRE"), Some("AX FLAIR"), Some("AX T1 POST")]);
    assert!(!study.guessed && study.dicom && study.placed);
    assert_eq!((study.size, study.name.as_str()), (made::SIZE, "AX FLAIR"));
}

#[test]
fn the_numbers_of_a_study_come_in_the_order_of_its_slices() {
    let heard = Desk::default().drop(Series::new("A", "2", "FLAIR").files());
    let Some(FromWorker::StudyOpened { stored, .. }) =
        heard.0.iter().find(|m| matches!(m, FromWorker::StudyOpened { .. }))
    else {
        panic!("{heard:?}");
    };
    assert!(stored[0].is_none() && stored[2].is_none());
    let bytes = stored[1].as_ref().unwrap().buffer.to_vec();
    let numbers: Vec<u16> = bytes.as_chunks().0.iter().map(|b| u16::from_le_bytes(*b)).collect();
    assert_eq!((numbers.len(), numbers[0], numbers[30], numbers[31]), (120, 1, 101, 102));
}

#[test]
fn two_patients_of_one_drop_are_two_studies_with_names_of_their_own() {
    let heard = Desk::default().drop([examination("A"), examination("B")].concat());
    let names: Vec<&str> = heard.studies().iter().map(|study| study.name.as_str()).collect();
    assert_eq!(names, ["AX FLAIR", "AX FLAIR (2)"]);
    let patients: Vec<&str> = heard.studies().iter().map(|study| study.patient[0].1.as_str()).collect();
    assert_eq!(patients, ["A", "B"]);
}

#[test]
fn another_patients_series_are_not_on_offer() {
    let heard = Desk::default().drop([examination("A"), examination("B")].concat());
    let [a, b] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!(choices(a), ["AX T1 PRE", "AX FLAIR", "AX T1 POST"]);
    assert_eq!(choices(b), choices(a));
    assert!(a.choices.iter().all(|(id, _)| b.choices.iter().all(|(other, _)| other != id)));
}

#[test]
fn another_patients_series_cannot_be_taken() {
    let mut desk = Desk::default();
    let a = desk.study(examination("A"));
    let b = desk.study(examination("B"));
    let [pre, flair, _] = chosen(&a);
    let heard = desk.compose(a.study, [pre, flair, chosen(&b)[2]]);
    let [anew] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!(chosen(anew), [pre, flair, None], "nothing in its place");
}

#[test]
fn series_of_one_name_are_told_apart() {
    let series = ["1", "2", "3"].map(|series| Series::new("A", series, "AX FLAIR").files());
    let study = Desk::default().study(series.concat());
    assert_eq!(choices(&study), ["AX FLAIR", "AX FLAIR (2)", "AX FLAIR (3)"]);
}

#[test]
fn nifti_files_belong_together_by_their_drop() {
    let mut desk = Desk::default();
    let a = desk.study([nifti("a_flair.nii", true, 1, 0), nifti("a_t1.nii", true, 1, 5)]);
    let b = desk.study([nifti("b_flair.nii", true, 1, 9), nifti("b_t1ce.nii", true, 1, 3)]);
    assert_eq!(choices(&a), ["a_flair.nii", "a_t1.nii"]);
    assert_eq!(choices(&b), ["b_flair.nii", "b_t1ce.nii"]);
    assert_eq!(sequence(&b, 2), Some("b_t1ce.nii"));
}

#[test]
fn nifti_files_of_two_patients_in_one_drop_are_two_studies() {
    let volume = |name: &str| nifti(name, true, 1, name.len() as u16);
    for names in [
        ["a_flair.nii", "a_t1.nii", "b_flair.nii", "b_t1.nii"],
        ["b-t1n.nii", "a-t2f.nii", "b-t2f.nii", "a-t1n.nii"],
        ["sub-01_FLAIR.nii", "sub-01_ce-gd_T1w.nii", "sub-02_FLAIR.nii", "sub-02_T1w.nii"],
    ] {
        let heard = Desk::default().drop(names.map(volume));
        let studies = heard.studies();
        assert_eq!(studies.len(), 2, "{names:?}");
        for study in studies {
            let subject = |name: &str| name.split(['_', '-']).take(2).last().unwrap().to_owned() + &name[..1];
            let own = choices(study);
            assert_eq!(own.len(), 2);
            assert!(names[0].starts_with("sub") && subject(own[0]) == subject(own[1]) || own[0][..1] == own[1][..1]);
        }
        assert!(heard.remarks().is_empty());
    }
}

#[test]
fn folders_within_an_archive_and_archives_tell_patients_apart() {
    let volume = |name: &str| nifti(name, true, 1, 0);
    let one = zipped("all.zip", ["1/flair.nii", "1/t1.nii", "2/flair.nii", "2/t1.nii"].map(volume));
    let two = ["a.zip", "b.zip"].map(|zip| zipped(zip, ["flair.nii", "t1.nii"].map(volume)));
    for files in [vec![one], two.to_vec()] {
        let heard = Desk::default().drop(files);
        let sizes: Vec<usize> = heard.studies().iter().map(|study| study.choices.len()).collect();
        assert_eq!(sizes, [2, 2], "{heard:?}");
    }
}

#[test]
fn what_may_be_of_two_patients_is_said() {
    for names in [["a_flair.nii", "b_t1.nii"], ["flair.nii", "flair.nii"]] {
        let heard = Desk::default().drop(names.map(|name| nifti(name, true, 1, 0)));
        assert_eq!(heard.studies().len(), 1);
        assert!(heard.text().contains("drop each patient's"), "{names:?}: {}", heard.text());
    }
    for names in [["FLAIR.nii", "T1.nii"], ["p1_flair.nii", "p1_t1.nii"], ["AX_FLAIR.nii", "SAG_T1.nii"]] {
        let heard = Desk::default().drop(names.map(|name| nifti(name, true, 1, 0)));
        assert!(heard.studies().len() == 1 && heard.remarks().is_empty(), "{names:?}: {}", heard.text());
    }
}

#[test]
fn patients_of_one_identifier_stay_apart() {
    // Names are hidden, and the examination has one identifier for all.
    let series = |patient, series, name| Series { study: "S", ..Series::new(patient, series, name) }.files();
    let heard = Desk::default().drop([series("A", "1", "FLAIR"), series("B", "2", "T1 POST")].concat());
    let patients: Vec<&str> = heard.studies().iter().map(|study| study.patient[0].1.as_str()).collect();
    assert_eq!(patients, ["A", "B"]);
    // Numbers are hidden too: both are called "0", and the third says nothing of whose it is.
    let named =
        |patient, id, born, series, name| Series { study: "S", id, born, ..Series::new(patient, series, name) }.files();
    let drop = [named("A", "0", "19700203", "1", "FLAIR"), named("B", "0", "19810304", "2", "T1 POST")];
    assert_eq!(Desk::default().drop(drop.concat()).studies().len(), 2);
    let same = [named("A", "0", "19700203", "1", "FLAIR"), named("A", "0", "19810304", "2", "T1 POST")];
    assert_eq!(Desk::default().drop(same.concat()).studies().len(), 2, "one name, two births");
}

#[test]
fn series_of_one_patient_stay_together_where_one_says_less_or_writes_it_otherwise() {
    let named =
        |patient, id, born, series, name| Series { study: "S", id, born, ..Series::new(patient, series, name) }.files();
    let whole = named("Doe^Jane", "42", "19700203", "1", "FLAIR");
    for other in [
        named("DOE^JANE^^", "42", "", "2", "T1 POST"),
        named("", "42", "", "2", "T1 POST"),
        named("", "", "", "2", "T1 POST"),
    ] {
        let heard = Desk::default().drop([whole.clone(), other.clone()].concat());
        assert_eq!(heard.studies().iter().map(|study| study.choices.len()).collect::<Vec<_>>(), [2]);
        // As well where it comes later.
        let mut desk = Desk::default();
        let first = desk.study(whole.clone());
        assert_eq!(desk.drop(other).studies().iter().map(|study| study.study).collect::<Vec<_>>(), [first.study]);
    }
    // One that says nothing does not tie two strangers.
    let [nobody, stranger] = [named("", "", "", "3", "T1 PRE"), named("Roe^Richard", "42", "", "2", "T1 POST")];
    let heard = Desk::default().drop([nobody, whole, stranger].concat());
    assert_eq!(heard.studies().len(), 2);
}

#[test]
fn nifti_and_dicom_of_one_drop_do_not_mix() {
    let heard = Desk::default().drop([examination("A"), vec![nifti("t1.nii", true, 1, 0)]].concat());
    let mut sizes: Vec<usize> = heard.studies().iter().map(|study| study.choices.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 3]);
}

#[test]
fn a_later_drop_of_the_same_examination_joins_it() {
    let mut desk = Desk::default();
    let [pre, flair, post] = [("1", "T1 PRE"), ("2", "FLAIR"), ("3", "T1 POST")].map(|(s, d)| Series::new("A", s, d));
    let first = desk.study(flair.files());
    let heard = desk.drop([pre.files(), post.files()].concat());
    let [joined] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!((joined.study, joined.first), (first.study, first.first), "corrections stay");
    assert_eq!(choices(joined), ["FLAIR", "T1 PRE", "T1 POST"]);
    assert_eq!([0, 1, 2].map(|at| sequence(joined, at)), [Some("T1 PRE"), Some("FLAIR"), Some("T1 POST")]);
    let names: Names = ["T1 PRE", "T1 POST"].into_iter().collect();
    assert!(heard.remarks().contains(&&Remark::Joined { study: "FLAIR".into(), names, filled: vec![0, 2] }));
}

#[test]
fn what_joins_never_takes_a_place_that_is_taken() {
    let mut desk = Desk::default();
    let first = desk.study(examination("A"));
    let heard = desk.drop(Series::new("A", "4", "COR FLAIR").files());
    assert!(heard.studies().is_empty(), "nothing of it changed: {heard:?}");
    let offered = heard.0.iter().find_map(|message| match message {
        FromWorker::Choices { study, choices, volumes } => Some((*study, choices.len(), *volumes)),
        _ => None,
    });
    assert_eq!(offered, Some((first.study, 4, 4)));
    assert!(heard.text().contains("COR FLAIR"));
}

#[test]
fn a_study_that_was_joined_can_take_what_came() {
    let mut desk = Desk::default();
    let first = desk.study(examination("A"));
    let heard = desk.drop(Series::new("A", "4", "FLAIR 2").files());
    let Some(FromWorker::Choices { choices, .. }) = heard.0.iter().find(|m| matches!(m, FromWorker::Choices { .. }))
    else {
        panic!("{heard:?}");
    };
    let late = choices.iter().find(|(_, name)| name == "FLAIR 2").unwrap().0;
    let [pre, _, post] = chosen(&first);
    let heard = desk.compose(first.study, [pre, Some(late), post]);
    assert_eq!(sequence(heard.studies()[0], 1), Some("FLAIR 2"));
    assert_eq!(heard.studies()[0].first, first.first, "the same voxels are the same slices");
}

#[test]
fn the_same_files_again_are_open_already() {
    let mut desk = Desk::default();
    desk.study(examination("A"));
    let heard = desk.drop(examination("A"));
    assert_eq!(heard.remarks(), [&Remark::AlreadyOpen { count: 12, study: "AX FLAIR".into() }]);
    assert!(heard.studies().is_empty());
    assert_eq!(desk.catalog.volumes(), 3);
}

#[test]
fn closing_a_study_frees_its_volumes_while_another_is_open() {
    let mut desk = Desk::default();
    let a = desk.study(examination("A"));
    let b = desk.study(examination("B"));
    assert_eq!(desk.catalog.volumes(), 6);
    desk.close(a.study);
    assert_eq!(desk.catalog.volumes(), 3);
    assert!(desk.catalog.slice(a.first).is_none() && desk.catalog.slice(b.first).is_some());
    desk.close(b.study);
    assert_eq!(desk.catalog.volumes(), 0);
}

#[test]
fn the_pixels_of_a_closed_study_are_nobodys_any_more() {
    let mut desk = Desk::default();
    let heard = desk.drop([examination("A"), examination("B")].concat());
    let (a, b) = (heard.studies()[0].study, heard.studies()[1].study);
    drop(heard);
    desk.close(a);
    let info = desk.compose(b, [None, None, None]);
    assert_eq!(choices(info.studies()[0]).len(), 3);
}

#[test]
fn a_closed_study_opens_again() {
    let mut desk = Desk::default();
    let a = desk.study(examination("A"));
    desk.close(a.study);
    let again = desk.study(examination("A"));
    assert_ne!(again.study, a.study);
    assert_eq!((again.digest, again.name.as_str()), (a.digest, "AX FLAIR"));
}

#[test]
fn closing_what_is_not_open_changes_nothing() {
    let mut desk = Desk::default();
    desk.study(examination("A"));
    desk.close(StudyId(999));
    desk.say(ToWorker::Close { file: FileId(999) });
    assert_eq!(desk.catalog.volumes(), 3);
}

#[test]
fn leaving_a_sequence_out_lets_flair_stand_in() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A"));
    let [pre, flair, _] = chosen(&study);
    let heard = desk.compose(study.study, [pre, flair, None]);
    assert_eq!(chosen(heard.studies()[0]), [pre, flair, None]);
    assert_eq!(heard.studies()[0].first, study.first);
    // Without FLAIR there is no study: it stays.
    let heard = desk.compose(study.study, [None, None, None]);
    assert_eq!(chosen(heard.studies()[0]), [None, flair, None]);
}

#[test]
fn volumes_that_do_not_go_together_are_refused_and_the_study_stays() {
    let mut desk = Desk::default();
    let (name, bytes) = ("t1.nii".to_owned(), made::nifti_bytes([3, 3, 4], 1, false, (0..36).collect()));
    let heard = desk.drop([nifti("flair.nii", true, 1, 0), (name, bytes)]);
    assert!(matches!(heard.problems()[..], [Problem::Apart { .. }]), "{heard:?}");
    let [study] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!(study.sequences.iter().flatten().count(), 1, "FLAIR alone");
    let other = study.choices.iter().map(|(id, _)| *id).find(|id| Some(*id) != chosen(study)[1]);
    let heard = desk.compose(study.study, [other, None, None]);
    assert!(matches!(heard.problems()[..], [Problem::Apart { .. }]) && heard.studies().is_empty());
}

#[test]
fn of_a_file_of_many_volumes_one_is_open_and_the_others_are_taken_by_number() {
    let mut desk = Desk::default();
    let heard = desk.drop([nifti("flair.nii", true, 130, 0)]);
    assert_eq!(heard.remarks()[0], &Remark::Many { name: "flair.nii".into(), volumes: 130 });
    let study = heard.studies()[0].clone();
    assert_eq!((study.choices.len(), study.volumes), (1, 130));
    let first = desk.catalog.slice(study.first).unwrap().slice.sequence(1).to_vec();
    let taken = desk.say(ToWorker::TakeVolume { study: study.study, sequence: 1, number: 117 });
    let [anew] = &taken.studies()[..] else { panic!("{taken:?}") };
    assert!(anew.choices.len() <= catalog::MENU && sequence(anew, 1).is_some(), "what is chosen is in the menu");
    assert_eq!((anew.volumes, desk.catalog.volumes()), (130, 1), "what is no sequence any more is freed");
    assert_ne!(desk.catalog.slice(anew.first).unwrap().slice.sequence(1), first);
    for number in [0, 131] {
        let heard = desk.say(ToWorker::TakeVolume { study: study.study, sequence: 1, number });
        assert_eq!(heard.problems(), [&Problem::NoSuchVolume { volumes: 130 }]);
    }
    assert!(desk.say(ToWorker::TakeVolume { study: study.study, sequence: 3, number: 1 }).0.is_empty());
    let both = desk.say(ToWorker::TakeVolume { study: study.study, sequence: 0, number: 3 });
    assert_eq!((both.studies()[0].sequences.iter().flatten().count(), desk.catalog.volumes()), (2, 2));
}

#[test]
fn a_pair_of_many_volumes_opens_another_by_its_number_too() {
    let mut desk = Desk::default();
    let [hdr, img] = made::pair("flair", nifti("flair.nii", true, 130, 0).1);
    let heard = desk.drop([hdr, img]);
    assert_eq!(heard.remarks()[0], &Remark::Many { name: "flair.hdr".into(), volumes: 130 });
    let study = heard.studies()[0].clone();
    assert_eq!((study.choices.len(), study.volumes), (1, 130));
    let number = |sequence| ToWorker::TakeVolume { study: study.study, sequence, number: 117 };
    let taken = desk.say(number(1));
    assert_eq!(sequence(taken.studies()[0], 1), Some("flair.hdr, volume 117 of 130"));
    let alone = Desk::default().study([nifti("v.nii", true, 130, 0)]);
    assert_ne!(taken.studies()[0].digest, alone.digest);
}

#[test]
fn a_menu_has_at_most_a_hundred_entries_and_the_rest_are_taken_by_number() {
    let mut desk = Desk::default();
    let files = (1..=120u16).map(|at| nifti(&format!("flair_{at}.nii"), true, 1, at));
    let study = desk.study(files);
    assert_eq!((study.choices.len(), study.volumes), (catalog::MENU, 120));
    let taken = desk.say(ToWorker::TakeVolume { study: study.study, sequence: 1, number: 117 });
    let [anew] = &taken.studies()[..] else { panic!("{taken:?}") };
    assert_eq!(anew.choices.len(), catalog::MENU);
    assert_eq!(sequence(anew, 1), Some("flair_117.nii"));
}

#[test]
fn questions_find_every_slice_of_every_study() {
    let mut desk = Desk::default();
    let a = desk.study(examination("A"));
    let b = desk.study([nifti("flair.nii", true, 1, 0)]);
    for study in [&a, &b] {
        for at in 0..study.size[2] as u32 {
            let slice = desk.catalog.slice(FileId(study.first.0 + at)).unwrap().slice;
            assert_eq!((slice.width(), slice.height()), (6, 5));
        }
    }
    assert!(desk.catalog.slice(FileId(b.first.0 + 4)).is_none());
    assert!(desk.catalog.slice(FileId(0)).is_none());
}

#[test]
fn without_a_name_that_says_flair_it_is_a_guess_until_it_is_chosen() {
    let mut desk = Desk::default();
    let study = desk.study(Series::new("A", "1", "AX T2 FSE").files());
    assert!(study.guessed);
    let heard: Heard = desk.compose(study.study, chosen(&study));
    assert!(!heard.studies()[0].guessed);
}

#[test]
fn a_series_that_is_not_open_is_none() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A"));
    let heard = desk.compose(study.study, [Some(SeriesId(12_345)), None, None]);
    assert_eq!(chosen(heard.studies()[0])[0], None);
    assert!(desk.compose(StudyId(77), [None; 3]).0.is_empty());
}
