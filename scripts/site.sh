#!/usr/bin/env bash
# Lays out the sources of the documentation's site as mdBook reads them: every page of the repository at its own place,
# so that a link holds here and there, and the reference that the binary writes about itself.
#
#   scripts/site.sh BINARY FOLDER
set -euo pipefail
binary="$(realpath "$1")"
site="$(realpath -m "$2")"
cd "$(dirname "$0")/.."

rm -rf "$site"
mkdir -p "$site/src"
made='node_modules|\.xitai|build|dist|target'
find README.md ARCHITECTURE.md BENCHMARKS.md docs sdk mini-programs -type f \( -name '*.md' -o -path 'docs/pictures/*' \) \
    | { grep -Ev "/($made)/" || true; } | while read -r page; do install -D -m 644 "$page" "$site/src/$page"; done
"$binary" docs "$site/src/reference" > /dev/null

# Records are listed by their own first lines.
for record in docs/decisions/[0-9]*.md; do
    printf '  - [%s](%s)\n' "$(head -n 1 "$record" | sed 's/^# //')" "$record"
done > "$site/records.md"
sed -e "/<!-- reference -->/{r $site/src/reference/contents.md" -e 'd}' \
    -e "/<!-- records -->/{r $site/records.md" -e 'd}' docs/SUMMARY.md > "$site/src/SUMMARY.md"
rm "$site/records.md" "$site/src/docs/SUMMARY.md" "$site/src/reference/contents.md"
cp docs/book.toml docs/site.css "$site/"

# A folder's own page is its index.
find "$site/src" -name README.md -execdir mv {} index.md \;
grep -rlE 'README\.md[)#]' --include='*.md' "$site/src" | xargs sed -i 's/README\.md\([)#]\)/index.md\1/g'
