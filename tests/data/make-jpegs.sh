#!/usr/bin/env bash
# Makes jpegs.json: JPEG files in base64, of kinds that our own encoders do not write, with cjpeg (apt-get install
# libjpeg-turbo-progs). Their pictures are small: waves, two edges and some noise.
set -euo pipefail
to=$(cd "$(dirname "$0")" && pwd)/jpegs.json
cd "$(mktemp -d)"

picture() {  # WIDTH HEIGHT
  awk -v w="$1" -v h="$2" 'BEGIN {
    srand(7); print "P3", w, h, 255
    for (y = 0; y < h; y++) for (x = 0; x < w; x++) {
      e = (x > w / 2 && y > h / 3) ? 90 : 0
      print int(120 + 100 * sin(x / 3) + 20 * rand())
      print int(20 + e + 120 * y / h + 20 * rand())
      print int(170 - e - 60 * cos(y / 2 + x / 5))
    }
  }'
}

grey() { picture "$@" | awk 'NR == 1 { $1 = "P2"; print } NR % 3 == 2 { print }'; }

# Each way of subsampling, in the three orders that coefficients may come in.
printf '0;\n1 2;\n' > scans
for factors in 1x1 2x1 1x2 2x2 4x1 1x4 4x2 3x1 2x2,2x1,1x2 1x1,2x2,1x1; do
  name=${factors//,/-}
  picture 35 19 | cjpeg -optimize -quality 60 -sample "$factors" > "$name.jpg"
  picture 19 35 | cjpeg -progressive -quality 85 -sample "$factors" > "$name-progressive.jpg"
  picture 21 21 | cjpeg -optimize -scans scans -restart 3B -quality 40 -sample "$factors" > "$name-scans-restarts.jpg"
done
rm scans

# Samples of two columns are not interpolated.
for size in '1 1' '2 3' '3 2' '4 9' '5 5'; do
  picture $size | cjpeg -optimize -quality 75 -sample 2x2 > "narrow-${size/ /x}.jpg"
done

picture 40 24 | cjpeg -progressive -restart 2B -quality 75 > progressive-restarts.jpg
picture 40 24 | cjpeg -rgb -optimize -quality 75 > rgb.jpg
picture 40 24 | cjpeg -optimize -quality 100 -sample 2x2 > finest.jpg
picture 40 24 | cjpeg -optimize -quality 1 -sample 2x2 > coarsest-16-bit-tables.jpg
grey 19 21 | cjpeg -optimize -sample 2x2 -restart 1B > grey-2x2.jpg
grey 19 21 | cjpeg -progressive > grey-progressive.jpg

for file in *.jpg; do printf ',\n  "%s": "%s"' "${file%.jpg}" "$(base64 -w 0 "$file")"; done | sed '1s/^,$/{/' > "$to"
printf '\n}\n' >> "$to"
