# Draws what 'bin/bench simulation constants' has measured.
#   gnuplot -e "table='…tsv'; picture='…svg'" docs/explanation/constants.gnuplot
set terminal svg size 1200,1500 font "sans-serif,11" background "white"
set output picture
set datafile separator "\t"

column_of(n) = sprintf("tail -n +2 %s | cut -f %d | awk '!seen[$0]++'", table, n)
constants = system(column_of(1))
count = words(constants)
# Titles of scenarios have spaces, so each is found by its place.
scenarios = 6
title_of(i) = system(sprintf("%s | sed -n %dp", column_of(4), i))
in_use(c) = system(sprintf("awk -F'\\t' '$1 == \"%s\" && $3 == 1 { print $2; exit }' %s", c, table))
lines_of(c, i) = sprintf("< awk -F'\\t' -v c=\"%s\" -v title=\"%s\" '$1 == c && $4 == title' %s", c, title_of(i), table)

set multiplot layout 7,3 title "One constant at a time: percent of what the links can carry, ping in ms (dashed, right); the value in use is at 1"
set logscale x 2
set xtics ("1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4)
set xrange [0.23:4.3]
set yrange [60:100]
set ytics 10
set y2range [0:10]
set y2tics 5
set grid ytics lc rgb "#dddddd"
set arrow from 1,graph 0 to 1,graph 1 nohead lc rgb "#999999" dt 3
unset key
do for [n = 1:count] {
  c = word(constants, n)
  set title sprintf("%s = %s", c, in_use(c)) noenhanced
  plot for [i = 1:scenarios - 1] lines_of(c, i) using 3:5 with linespoints lw 1.5 pt 7 ps 0.3 lc i notitle, \
    lines_of(c, scenarios) using 3:5 axes x1y2 with linespoints lw 1.5 pt 7 ps 0.3 lc scenarios dt 2 notitle
}
# The key, in a panel of its own.
set key center center
unset border; unset tics; unset grid; unset arrow; set title ""
set yrange [0:1]
plot for [i = 1:scenarios] 1/0 with linespoints lw 1.5 pt 7 ps 0.3 lc i dt 1 + (i == scenarios) title title_of(i) noenhanced
unset multiplot
