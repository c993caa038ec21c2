# Reference values of the exact Mann-Whitney test with ties, from R's coin (wilcox_test, exact law).
#
#   Rscript tests/reference/mann_whitney.R       writes tests/reference/mann_whitney.csv beside this
#
# coin is r-cran-coin in Debian; its exact law is by the shift algorithm.  Groups are counts of the
# levels, "0 0 2".  The first three pairs are those that were once wrong or slow; the others are
# drawn with a fixed seed: few levels and many answers, many levels, and all answers different.

suppressMessages(library(coin))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "mann_whitney.csv")

pairs <- list(
  "small-1" = list(c(0, 0, 0, 0, 2), rep(50, 5)),
  "small-2" = list(c(2, 0, 0, 0, 0), c(20, 70, 90, 80, 40)),
  "levels-1" = list(rep(c(1, 0), 60), rep(c(0, 1), 60))
)
spread <- function(n, levels) as.vector(rmultinom(1, n, rexp(levels)))
kinds <- list(
  small = function() {
    levels <- sample(2:6, 1)
    list(spread(sample(1:50, 1), levels), spread(sample(251:600, 1), levels))
  },
  levels = function() {
    levels <- sample(20:80, 1)
    list(spread(sample(5:60, 1), levels), spread(sample(5:60, 1), levels))
  },
  untied = function() {
    own <- sample(rep(0:1, c(sample(5:80, 1), sample(5:40, 1))))
    list(own, 1 - own)
  },
  alike = function() {
    levels <- sample(2:5, 1)
    list(spread(sample(2:20, 1), levels), spread(sample(2:20, 1), levels))
  }
)
set.seed(1986, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
for (number in 3:42) {
  kind <- 1 + number %% length(kinds)
  pairs[[sprintf("%s-%d", names(kinds)[kind], number)]] <- kinds[[kind]]()
}

as_text <- function(counts) paste(format(counts, trim = TRUE, scientific = FALSE), collapse = " ")

lines <- vapply(names(pairs), function(name) {
  counts <- pairs[[name]]
  answer <- unlist(lapply(counts, function(group) rep(seq_along(group), group)))
  group <- factor(rep(1:2, vapply(counts, sum, 0)))
  p_value <- as.numeric(pvalue(wilcox_test(answer ~ group, distribution = "exact")))
  paste(name, as_text(counts[[1]]), as_text(counts[[2]]),
        formatC(p_value, digits = 17, format = "g", width = 1), sep = ",")
}, "")

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
writeLines(c("name,first,second,p_value", lines), partial, useBytes = TRUE)
invisible(file.rename(partial, output))
