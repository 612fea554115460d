#!/usr/bin/env bash
# Make a folder the content of a branch: publish.sh FOLDER BRANCH [BELOW]
# Of BRANCH only the folder BELOW is replaced if it is named, and removed if FOLDER is empty; else everything but the
# previews of pull requests. No commit is made where nothing changed: Binder keeps its image of a branch that did not move.
set -euo pipefail

folder=$(realpath "$1") branch=$2 below=${3:-}
work=$(mktemp -d)
trap 'git worktree remove --force "$work/branch" 2>/dev/null || true; rm -rf "$work"' EXIT

begin() {       # the branch as it is now, or an empty one
    if git ls-remote --exit-code --heads origin "$branch" > /dev/null; then
        git fetch --quiet --depth=1 origin "refs/heads/$branch"
        git worktree add --quiet --detach "$work/branch" FETCH_HEAD
    else
        empty=$(git commit-tree -m "Begin the branch $branch" "$(git hash-object -t tree -w /dev/null)")
        git worktree add --quiet --detach "$work/branch" "$empty"
    fi
}

fill() {        # to be run in the branch's work tree
    if [ -z "$below" ]; then
        find . -mindepth 1 -maxdepth 1 ! -name .git ! -name pr-preview -exec rm -rf {} +
        cp -a "$folder/." .
    else
        rm -rf "./$below"
        if [ -n "$(ls -A "$folder")" ]; then
            mkdir -p "$below"
            cp -a "$folder/." "$below/"
        fi
    fi
    git add --all --force
}

# A preview may be pushed between our fetch and our push: then begin again from what is there
for _ in 1 2 3 4 5; do
    begin
    if (cd "$work/branch" && fill && git diff --cached --quiet); then
        echo "$branch is as it was"
        exit 0
    fi
    git -C "$work/branch" commit --quiet -m "Publish ${below:-everything} from ${GITHUB_SHA:-a local build}"
    if git -C "$work/branch" push --quiet origin "HEAD:refs/heads/$branch"; then
        echo "$branch:$(git -C "$work/branch" diff --shortstat HEAD~1)"
        exit 0
    fi
    git worktree remove --force "$work/branch"
done
echo "$branch could not be pushed; does the job have the permission contents: write, and is the branch free of rules?" >&2
exit 1
