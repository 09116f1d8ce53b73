#!/bin/sh
# Gathers the texts of the pages and brings the catalogues of translations up to them.
# "words.sh extract FILE" only writes what was gathered to FILE.
set -eu
cd "$(dirname "$0")/../.."

extract() {
    .venv/bin/pybabel --quiet extract --mapping-file babel.cfg \
        --keywords "gettext_noop pgettext_noop:1c,2" \
        --add-location file --sort-by-file --no-wrap --project Casewire --version "" \
        --output-file "$1" services/web
}

if [ "${1:-}" = extract ]; then
    extract "$2"
    exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
extract "$work/messages.pot"
for language in de fr; do
    .venv/bin/pybabel --quiet update --input-file "$work/messages.pot" --locale "$language" \
        --output-file "services/web/translations/$language/LC_MESSAGES/messages.po" \
        --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
done
