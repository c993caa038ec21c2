# Time coin's exact wilcox_test on pairs read from the standard input, one "name,0 0 2,50 50 50" a
# line.  Prints "name,p-value,median seconds", timed inside this process after a warm-up.

suppressMessages(library(coin))

repeats <- as.integer(commandArgs(trailingOnly = TRUE)[1])
lines <- strsplit(readLines(file("stdin")), ",", fixed = TRUE)

for (line in lines) {
  counts <- lapply(strsplit(line[2:3], " ", fixed = TRUE), as.integer)
  answer <- unlist(lapply(counts, function(group) rep(seq_along(group), group)))
  group <- factor(rep(1:2, vapply(counts, sum, 0)))
  test <- function() as.numeric(pvalue(wilcox_test(answer ~ group, distribution = "exact")))
  p_value <- test()
  seconds <- vapply(seq_len(repeats), function(repetition) {
    clock <- Sys.time()
    test()
    as.numeric(Sys.time() - clock, units = "secs")
  }, 0)
  cat(sprintf("%s,%.17g,%.9f\n", line[1], p_value, median(seconds)))
}
