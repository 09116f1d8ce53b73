#!/bin/sh
# Builds services/web/static/vendor from the locked npm packages: style sheet, script, font and
# the icons that icons.txt names. Quick when nothing changed; nothing is fetched at run time.
set -eu
cd "$(dirname "$0")/../.."

vendor=services/web/static/vendor
wanted=$(cat package-lock.json services/web/static/icons.txt deploy/local/static.sh | sha256sum)
if [ -f "$vendor/.stamp" ] && [ "$(cat "$vendor/.stamp")" = "$wanted" ]; then
    exit 0
fi

if [ -x .venv/bin/npm ]; then
    PATH="$PWD/.venv/bin:$PATH" # its node is pinned by requirements-dev.lock
elif ! command -v npm >/dev/null; then
    echo "casewire: npm is missing; run deploy/local/prepare.sh first, it brings one." >&2
    exit 1
fi

echo "casewire: building the pages' style sheet, script and icons" >&2
work=build/static.$$
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/vendor/files"
cp package.json package-lock.json "$work/"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)

modules=$work/node_modules
# A source map is not shipped, so the line that names it would only be a 404 in the console.
sed 's|/\*# sourceMappingURL=[^*]*\*/||' "$modules/@tabler/core/dist/css/tabler.min.css" \
    >"$work/vendor/tabler.css"
cp "$modules/htmx.org/dist/htmx.min.js" "$work/vendor/htmx.js"
cp "$modules/fullcalendar/index.global.min.js" "$work/vendor/fullcalendar.js"
cp "$modules/sortablejs/Sortable.min.js" "$work/vendor/sortable.js"
cp "$modules/echarts/dist/echarts.simple.min.js" "$work/vendor/echarts.js"
cp "$modules/@fontsource-variable/inter/index.css" "$work/vendor/inter.css"
cp "$modules"/@fontsource-variable/inter/files/inter-*-wght-normal.woff2 "$work/vendor/files/"
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    while read -r name; do
        [ -n "$name" ] || continue
        [ -f "$modules/@tabler/icons/icons/outline/$name.svg" ] || {
            echo "casewire: there is no icon $name" >&2
            exit 1
        }
        echo "<symbol id=\"$name\" viewBox=\"0 0 24 24\">"
        sed -n '/^>/,/^<\/svg>/p' "$modules/@tabler/icons/icons/outline/$name.svg" | sed '1d;$d'
        echo '</symbol>'
    done <services/web/static/icons.txt
    echo '</svg>'
} >"$work/vendor/icons.svg"

# A first visit sends these; the web gateway sends them as they lie here.
node - "$work/vendor" <<'END'
const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { brotliCompressSync, constants } = require("node:zlib");
const folder = process.argv[2];
const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
for (const name of readdirSync(folder).filter((name) => /\.(css|js|svg)$/.test(name))) {
  const path = `${folder}/${name}`;
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }));
}
END

echo "$wanted" >"$work/vendor/.stamp"
rm -rf "$vendor"
mv "$work/vendor" "$vendor"
