# Reference values for proportions, from R: binom.test, prop.test, pbinom.
#
#   Rscript tests/reference/proportions.R    writes tests/reference/proportions.csv beside this script
#
# binom.test gives the interval of Clopper and Pearson, prop.test without its correction that of
# Wilson.  "met_by_12" is the probability that a trait of share successes/trials is met at least once by
# twelve people, "group_for_95" how many people meet it with probability 0.95.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "proportions.csv")

pairs <- list(
  c(55, 100), c(55, 103), c(6, 8), c(5, 12), c(21, 45), c(15, 23), c(70, 205), c(0, 12), c(12, 12),
  c(1, 1), c(0, 1), c(3, 1880), c(499, 500)
)

rows <- do.call(rbind, lapply(pairs, function(pair) {
  do.call(rbind, lapply(c(0.8, 0.95, 0.99), function(level) {
    exact <- binom.test(pair[1], pair[2], conf.level = level)$conf.int
    score <- suppressWarnings(
      prop.test(pair[1], pair[2], conf.level = level, correct = FALSE)$conf.int
    )
    data.frame(
      successes = pair[1], trials = pair[2], level = level,
      exact_low = exact[1], exact_high = exact[2],
      wilson_low = score[1], wilson_high = score[2],
      met_by_12 = pbinom(0, 12, pair[1] / pair[2], lower.tail = FALSE),
      group_for_95 = if (pair[1]) qgeom(0.95, pair[1] / pair[2]) + 1 else NA
    )
  }))
}))

numbers <- vapply(rows, is.double, logical(1))
rows[numbers] <- lapply(rows[numbers], function(column) sprintf("%.15g", column))
write.csv(rows, output, row.names = FALSE, quote = FALSE)
