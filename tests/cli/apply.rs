//! `apply`: what it refuses, and what it keeps.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::support::{AFTER, BEFORE, Project};

#[test]
fn a_dirty_tree_is_refused() {
    let project = Project::with(&[("a.py", BEFORE), ("b.py", "x = 1\n")]);
    project.commit();
    project.write("b.py", "x = 2\n");
    project.run("apply").exits(2).prints_nothing().tells(&[
        "nothing was changed",
        "--allow-dirty",
        "b.py",
    ]);
    assert_eq!(project.read("a.py"), BEFORE.as_bytes());
    project.run("apply --allow-dirty").exits(0);
    assert_eq!(project.read("a.py"), AFTER.as_bytes());
}

#[test]
fn an_untracked_file_is_refused() {
    let project = Project::with(&[("b.py", "x = 1\n")]);
    project.commit();
    project.write("a.py", BEFORE);
    project
        .run("apply")
        .exits(2)
        .tells(&["not tracked by git", "a.py"]);
    assert_eq!(project.read("a.py"), BEFORE.as_bytes());
}

#[test]
fn a_read_only_file_stops_all() {
    let project = Project::with(&[("a.py", BEFORE), ("b.py", BEFORE)]);
    fs::set_permissions(project.path("b.py"), Permissions::from_mode(0o444)).unwrap();
    project.run("apply").exits(2).tells(&[
        "nothing was changed",
        "b.py: is read-only",
        "chmod u+w",
    ]);
    assert_eq!(project.read("a.py"), BEFORE.as_bytes());
    fs::create_dir(project.path("sealed")).unwrap();
    fs::remove_file(project.path("b.py")).unwrap();
    project.write("sealed/c.py", BEFORE);
    fs::set_permissions(project.path("sealed"), Permissions::from_mode(0o555)).unwrap();
    let ran = project.run("apply");
    fs::set_permissions(project.path("sealed"), Permissions::from_mode(0o755)).unwrap();
    ran.exits(2).tells(&["read-only directory"]);
    assert_eq!(project.read("a.py"), BEFORE.as_bytes());
}

#[test]
fn a_file_that_may_not_be_read_is_a_warning() {
    let project = Project::with(&[("a.py", BEFORE), ("b.py", BEFORE)]);
    fs::set_permissions(project.path("b.py"), Permissions::from_mode(0o000)).unwrap();
    if fs::read(project.path("b.py")).is_ok() {
        return; // The superuser reads everything.
    }
    project
        .run("diff")
        .exits(1)
        .tells(&["b.py: the file cannot be read", "help:"]);
}

#[test]
fn links_do_not_lead_out_of_the_paths() {
    let outside = Project::with(&[("out.py", BEFORE)]);
    let project = Project::with(&[("a.py", BEFORE)]);
    symlink(outside.path("out.py"), project.path("link.py")).unwrap();
    symlink(outside.root(), project.path("linked")).unwrap();
    symlink("nowhere.py", project.path("broken.py")).unwrap();
    symlink(".", project.path("loop")).unwrap();
    let diff = project.run("diff").exits(1);
    assert_eq!(diff.text().matches("--- a/").count(), 1, "{diff}");
    project.run("apply").exits(0);
    assert_eq!(outside.read("out.py"), BEFORE.as_bytes());
    assert_eq!(project.read("a.py"), AFTER.as_bytes());
    // A link that is named is meant; it stays one.
    project.run("apply link.py").exits(0);
    assert_eq!(outside.read("out.py"), AFTER.as_bytes());
    assert!(
        fs::symlink_metadata(project.path("link.py"))
            .unwrap()
            .is_symlink()
    );
    project.run("diff broken.py").exits(2).tells(&["broken.py"]);
}

#[test]
fn modes_are_kept() {
    let project = Project::with(&[("a.py", BEFORE), ("b.py", BEFORE)]);
    fs::set_permissions(project.path("a.py"), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(project.path("b.py"), Permissions::from_mode(0o640)).unwrap();
    project.run("apply").exits(0);
    for (name, mode) in [("a.py", 0o755), ("b.py", 0o640)] {
        assert_eq!(
            fs::metadata(project.path(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            mode
        );
    }
    let names: Vec<_> = fs::read_dir(project.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn outside_of_a_repository_nothing_is_asked() {
    let project = Project::with(&[("a.py", BEFORE)]);
    project.run("apply").exits(0);
    assert_eq!(project.read("a.py"), AFTER.as_bytes());
}

#[test]
fn a_second_apply_of_many_changes_nothing() {
    let project = Project::new();
    for number in 0..50 {
        project.write(format!("p{}/m{number}.py", number % 7), BEFORE);
    }
    project.commit();
    project.run("apply").exits(0).tells(&["50 files changed"]);
    project.commit();
    project.run("apply").exits(0).tells(&["Nothing to migrate"]);
    project.run("diff").exits(0).prints_nothing();
    assert!(project.git(&["status", "--porcelain"]).is_empty());
}
