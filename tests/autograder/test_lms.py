"""Names that platforms give, rosters, and who somebody is not."""

import pytest

from autograder import lms
from autograder.lms import IntakeError, Person


def sorted_out(names, notebooks=("work",), roster=None, packed=True):
    found = lms.sort(names, notebooks, roster, packed=packed)
    return {name: (str(person), path) for name, (person, path) in found.files.items()}, found.problems


def roster(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return lms.read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize(("name", "path"), [
    ("Ada Lovelace_123_assignsubmission_file_/work.ipynb", "work.ipynb"),
    ("Ada Lovelace_123_assignsubmission_file/work.ipynb", "work.ipynb"),
    ("Ada Lovelace_123_assignsubmission_file_/sub/b_1_2_c.csv", "sub/b_1_2_c.csv"),
    ("Ada Lovelace_123_assignsubmission_file_work.ipynb", "work.ipynb"),
    ("Ada Lovelace_123_assignsubmission_file_my_lab_1.ipynb", "my_lab_1.ipynb")])
def test_moodle_s_names_with_and_without_folders(name, path):
    assert sorted_out([name]) == ({name: ("Ada Lovelace (Moodle 123)", path)}, [])


def test_what_was_typed_into_moodle_is_left_out_with_a_sentence():
    files, (problem,) = sorted_out(["Bo Ek_5_assignsubmission_onlinetext_/onlinetext.html",
                                    "Bo Ek_5_assignsubmission_file_/work.ipynb"])
    assert list(files) == ["Bo Ek_5_assignsubmission_file_/work.ipynb"]
    assert problem.startswith("Bo Ek (Moodle 5): onlinetext.html is no file but Moodle's onlinetext; left out")


def test_a_moodle_name_within_what_a_student_handed_in_makes_nobody_else():
    name = "Mal Ory_9_assignsubmission_file_/Ada Lovelace_123_assignsubmission_file_/work.ipynb"
    flat = "Mal Ory_9_assignsubmission_file_Ada Lovelace_123_assignsubmission_file_work.ipynb"
    files, _ = sorted_out([name, flat])
    assert {person for person, _ in files.values()} == {"Mal Ory (Moodle 9)"}


def test_other_names_in_a_moodle_download_are_told():
    _, problems = sorted_out(["Bo Ek_5_assignsubmission_file_/work.ipynb", "notes.txt"])
    assert problems == ["notes.txt: not a name that Moodle gives; left out"]


@pytest.mark.parametrize(("name", "person", "path"), [
    ("lovelaceada_12_34_work.ipynb", "lovelaceada (Canvas 12)", "work.ipynb"),
    ("lovelaceada_LATE_12_34_work.ipynb", "lovelaceada (Canvas 12)", "work.ipynb"),
    ("oneiljosé_12_34_work.ipynb", "oneiljosé (Canvas 12)", "work.ipynb"),
    ("lovelaceada_12_34_02_activations.ipynb", "lovelaceada (Canvas 12)", "02_activations.ipynb"),
    ("lovelaceada_12_34_work-1.ipynb", "lovelaceada (Canvas 12)", "work.ipynb"),
    ("lovelaceada_12_34_other-1.ipynb", "lovelaceada (Canvas 12)", "other-1.ipynb"),
    ("lovelaceada_12_34_all-2.tar.gz", "lovelaceada (Canvas 12)", "all.tar.gz"),
    ("le_lovelace-ada_12_34_work.ipynb", "le_lovelace-ada (Canvas 12)", "work.ipynb"),
    ("ada_55_LATE_12_34_work.ipynb", "ada_55 (Canvas 12)", "work.ipynb")])
def test_canvas_names(name, person, path):
    assert sorted_out([name]) == ({name: (person, path)}, [])


def test_of_canvas_uploads_of_one_name_the_latest_counts():
    names = ["a_1_10_work.ipynb", "a_1_12_work-2.ipynb", "a_1_11_work-1.ipynb", "b_2_13_work.ipynb",
             "a_1_20_all.zip", "a_1_21_all-1.zip", "a_1_30_data-1.csv", "a_1_31_data.csv"]
    files, problems = sorted_out(names)
    assert set(files) == {"a_1_12_work-2.ipynb", "b_2_13_work.ipynb", "a_1_21_all-1.zip", "a_1_30_data-1.csv",
                          "a_1_31_data.csv"}
    assert problems == []


def test_a_notebook_that_is_released_with_a_number_keeps_it():
    files, _ = sorted_out(["a_1_10_lab-1.ipynb", "a_1_11_lab-1-1.ipynb"], notebooks=("lab-1",))
    assert files == {"a_1_11_lab-1-1.ipynb": ("a (Canvas 1)", "lab-1.ipynb")}


def test_what_was_typed_into_canvas_or_handed_in_anonymously_is_told():
    files, problems = sorted_out(["a_1_10_work.ipynb", "b_2_text.html", "c_LATE_3_link.html",
                                  "anon_aB12c_77_work.ipynb", "readme.txt"])
    assert list(files) == ["a_1_10_work.ipynb"]
    assert sorted(problem.split(";")[0] for problem in problems) == [
        "anon_aB12c_77_work.ipynb: handed in anonymously", "b (Canvas 2): a text typed into Canvas",
        "c (Canvas 3): a link typed into Canvas", "readme.txt: not a name that Canvas gives"]


FORGED = "lovelaceada_55_666_208490284_work.ipynb"      # by number 666, who is called lovelaceada_55 in Canvas


def test_a_name_chosen_to_look_like_another_number_does_not_reach_that_student():
    files, (problem,) = sorted_out(["lovelaceada_55_208490111_work.ipynb", FORGED])
    assert list(files) == ["lovelaceada_55_208490111_work.ipynb"]
    assert problem.startswith(f"{FORGED}: a student's name may end in a number here")


def test_with_a_roster_a_chosen_name_is_known_by_its_number(tmp_path):
    both = roster(tmp_path, "student,canvas_id\nada,55\nmallory,666\n")
    files, (problem,) = sorted_out([FORGED], roster=both)
    assert files == {}
    assert "could be from two students" in problem
    one = roster(tmp_path, "student,canvas_id\nmallory,666\n")
    files, _ = sorted_out([FORGED], roster=one)
    assert files == {FORGED: ("lovelaceada_55 (Canvas 666)", "work.ipynb")}
    honest = roster(tmp_path, "student,canvas_id\nada,55\n")
    files, _ = sorted_out([FORGED], roster=honest)
    assert files == {FORGED: ("lovelaceada (Canvas 55)", "208490284_work.ipynb")}


def test_folders_are_students_and_loose_files_are_nobody_s():
    files, problems = sorted_out(["ada/work.ipynb", "bob/a/work.ipynb", "eve.ipynb"], packed=False)
    assert files == {"ada/work.ipynb": ("ada", "work.ipynb"), "bob/a/work.ipynb": ("bob", "a/work.ipynb")}
    assert problems == ["eve.ipynb: not in a student's folder; left out, collect it with --student"]


@pytest.mark.parametrize(("names", "packed"), [
    (["ada.ipynb"], False), (["ada_work.ipynb", "bob_work.ipynb"], False), (["hw/work.ipynb"], True), ([], False)])
def test_whose_a_notebook_is_is_not_guessed(names, packed):
    with pytest.raises(IntakeError, match="say whose with --student"):
        sorted_out(names, packed=packed)


@pytest.mark.parametrize("names", [["hw/Ada_1_assignsubmission_file_/w.ipynb"],
                                   ["hw/a_1_2_w.ipynb", "hw/b_3_4_w.ipynb"]])
def test_a_download_within_a_folder_is_told_and_not_taken_for_a_student(names):
    with pytest.raises(IntakeError, match="Pass that folder itself"):
        sorted_out(names, packed=False)


def test_canvas_files_beside_folders_are_not_taken_for_nobody_s():
    with pytest.raises(IntakeError, match="need a folder of their own"):
        sorted_out(["a_1_2_w.ipynb", "graded/w.ipynb"], packed=False)


@pytest.mark.parametrize("name", ["397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/work.ipynb",
                                  "HW1_ada_attempt_2026-01-30-15-00-00_work.ipynb"])
def test_names_of_other_platforms_are_told(name):
    with pytest.raises(IntakeError, match="Brightspace or Blackboard, which are not read"):
        sorted_out([name])


@pytest.mark.parametrize(("name", "student"), [
    ("Ada Lovelace", "ada-lovelace"), ("José O'Neil", "jose-o-neil"), ("Jürgen Groß", "jurgen-gross"),
    ("Søren Łukasz", "søren-łukasz"), ("Ада Лавлейс", "ада-лавлейс"), ("김민준", "김민준"), ("नरेन्द्र", "नरेन्द्र"),
    ("../../etc", "etc"), ("-rf *", "rf"), ("..", ""), ("'; DROP", "drop"), ("A" * 300, "a" * 100)])
def test_names_make_safe_ids(name, student):
    assert lms.student_id(Person("Moodle", "1", name)) == student


@pytest.mark.parametrize("student", ["", ".", "..", ".x", "a/b", "a\\b", "a\nb", "x" * 101, "a\u202eb"])
def test_ids_that_are_no_folder_names_are_refused(tmp_path, student):
    assert lms.unfit(student)
    assert lms.student_id(Person("", "", student)) == ""


def test_a_roster_knows_students_by_number_and_else_by_name(tmp_path):
    known = roster(tmp_path, "\ufeffStudent;Name;moodle_id;canvas_id;email\n"
                             "ada;Ada King Lovelace;Participant 7;;a@b.c\njose;O'Neil, José;;31;\n;;;;\n")
    assert known.find(Person("Moodle", "7", "whoever")) == "ada"
    assert known.find(Person("Canvas", "1", "lovelaceadaking")) == "ada"
    assert known.find(Person("Canvas", "31", "x")) == "jose"
    assert known.find(Person("Moodle", "2", "José O'Neil")) == "jose"
    assert known.find(Person("", "", "ada")) == "ada"


@pytest.mark.parametrize(("person", "why"), [
    (Person("Canvas", "666", "lovelaceada"), "is not in the roster; add the name, or 666 in a column canvas_id"),
    (Person("Moodle", "8", "Alan Smith"), "could be alan or smith; give the roster a column moodle_id"),
    (Person("", "", "zoe"), "is no student of the roster")])
def test_whom_the_roster_does_not_know_is_told_apart(tmp_path, person, why):
    known = roster(tmp_path, "student,name,canvas_id\nada,Ada Lovelace,55\nalan,Alan Smith,\nsmith,Smith Alan,\n")
    with pytest.raises(LookupError, match=why):
        known.find(person)


@pytest.mark.parametrize(("text", "why"), [
    ("name,canvas_id\nAda,1\n", "no column 'student'"), ("", "no column 'student'"),
    ("student\n../x\n", "cannot be a folder's name"), ("student,name\n,Ada\n", "cannot be a folder's name"),
    ("student,canvas_id\nada,1\nbob,1\n", "has Canvas 1 twice: ada and bob")])
def test_a_roster_that_cannot_be_used_is_told(tmp_path, text, why):
    with pytest.raises(IntakeError, match=why):
        roster(tmp_path, text)


def test_a_roster_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(IntakeError, match="cannot be read"):
        lms.read_roster(tmp_path / "none.csv")
    (tmp_path / "excel.csv").write_bytes(b"\xff\xfes\0t\0")
    with pytest.raises(IntakeError, match="it is a CSV file in UTF-8"):
        lms.read_roster(tmp_path / "excel.csv")


def test_two_people_of_one_id_are_found_also_where_only_case_differs():
    ada, other, bob = Person("Moodle", "1", "Ada"), Person("Moodle", "2", "Ada"), Person("", "", "bob")
    assert lms.clashes({ada: "ada", other: "ADA", bob: "bob"}) == {"ada": [ada, other]}
