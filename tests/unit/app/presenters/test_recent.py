from cascadeclip.app.presenters.recent import KEPT, Recent


def test_the_latest_comes_first_and_only_once(tmp_path):
    recent = Recent(tmp_path / "data" / "recent.json")
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    for folder in (*folders, folders[0]):
        recent.add(folder)
    assert recent.folders() == (folders[0], folders[1])


def test_folders_that_are_gone_are_left_out_and_the_list_stays_short(tmp_path):
    recent = Recent(tmp_path / "recent.json")
    for number in range(KEPT + 3):
        (tmp_path / str(number)).mkdir()
        recent.add(tmp_path / str(number))
    assert len(recent.folders()) == KEPT
    (tmp_path / str(KEPT + 2)).rmdir()
    assert tmp_path / str(KEPT + 2) not in recent.folders()


def test_a_damaged_file_counts_as_none(tmp_path):
    path = tmp_path / "recent.json"
    recent = Recent(path)
    for text in ("", "{", '{"a": 1}', "3"):
        path.write_text(text)
        assert recent.folders() == ()
