# Time fisher.test on tables read from the standard input, one "name,8 14;30 386" a line.
# Prints "name,p-value,median seconds", timed inside this process after a warm-up.

repeats <- as.integer(commandArgs(trailingOnly = TRUE)[1])
lines <- strsplit(readLines(file("stdin")), ",", fixed = TRUE)

for (line in lines) {
  rows <- strsplit(strsplit(line[2], ";", fixed = TRUE)[[1]], " ", fixed = TRUE)
  counts <- do.call(rbind, lapply(rows, as.integer))
  p_value <- fisher.test(counts, workspace = 2e7)$p.value
  seconds <- vapply(seq_len(repeats), function(repetition) {
    clock <- Sys.time()
    fisher.test(counts, workspace = 2e7)
    as.numeric(Sys.time() - clock, units = "secs")
  }, 0)
  cat(sprintf("%s,%.17g,%.9f\n", line[1], p_value, median(seconds)))
}
