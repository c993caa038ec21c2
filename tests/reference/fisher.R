# Reference values of the contingency tests, from R: fisher.test (exact) and chisq.test.
#
#   Rscript tests/reference/fisher.R       writes tests/reference/fisher.csv beside this script
#
# Rows S1 to S6 are tables of the survey; the others are drawn with a fixed seed and cover several
# structures.  A table is written row by row, "8 14;30 386": cells by spaces, rows by semicolons.
# chisq.test is given the table without its empty rows and columns, on which it returns NaN.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "fisher.csv")

survey <- list(
  S1 = rbind(c(8, 30, 21, 25, 11, 5), c(14, 386, 318, 558, 476, 128)),
  S2 = rbind(c(88, 6, 6, 0), c(1226, 540, 98, 16)),
  S3 = rbind(c(18, 78, 4), c(547, 652, 681)),
  S4 = rbind(c(2, 6), c(19, 11), c(13, 8), c(14, 11), c(6, 5), c(1, 4)),
  S5 = rbind(c(47, 41), c(6, 0), c(2, 4)),
  S6 = rbind(c(12, 6), c(43, 35), c(0, 4))
)

shuffle <- function(values) values[sample.int(length(values))]

dense <- function(rows, columns) {
  matrix(rmultinom(1, sample(20:100, 1), rep(1, rows * columns)), rows)
}
skewed <- function(rows, columns) {
  matrix(rmultinom(1, sample(20:100, 1), rexp(rows) %o% rexp(columns)), rows)
}
sparse <- function(rows, columns) {
  matrix(rmultinom(1, sample(8:60, 1), rexp(rows * columns) * rbinom(rows * columns, 1, 0.6)), rows)
}
dependent <- function(rows, columns) {
  shares <- outer(seq_len(rows), seq_len(columns), function(i, j) exp(-abs(i - j) * runif(1, 0, 2)))
  matrix(rmultinom(1, sample(20:100, 1), shares), rows)
}
# Equal margins: many tables then are exactly as probable as the one observed.
tied <- function(rows, columns) {
  each <- sample(2:4, 1)
  unclass(table(
    factor(rep(seq_len(rows), each = columns * each), levels = seq_len(rows)),
    factor(shuffle(rep(seq_len(columns), rows * each)), levels = seq_len(columns))
  ))
}
emptied <- function(rows, columns) {
  counts <- dense(rows, columns)
  if (rows > 2) counts[sample.int(rows, 1), ] <- 0
  else if (columns > 2) counts[, sample.int(columns, 1)] <- 0
  counts
}

kinds <- list(
  dense = dense, skewed = skewed, sparse = sparse, dependent = dependent, tied = tied,
  emptied = emptied
)
shapes <- list(c(2, 2), c(2, 3), c(2, 4), c(3, 2), c(3, 3), c(3, 4), c(4, 3), c(5, 2), c(5, 3),
               c(4, 4), c(5, 4))

two_margins <- function(counts) sum(rowSums(counts) > 0) > 1 && sum(colSums(counts) > 0) > 1

set.seed(1951, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
tables <- survey
number <- 0
while (number < 200) {
  kind <- kinds[[1 + number %% length(kinds)]]
  shape <- shapes[[sample.int(length(shapes), 1)]]
  counts <- kind(shape[1], shape[2])
  if (!two_margins(counts)) next
  number <- number + 1
  name <- sprintf("%s-%03d", names(kinds)[1 + (number - 1) %% length(kinds)], number)
  tables[[name]] <- counts
}

# Many counts, as R does them in a second or so at workspace = 2e7; the first three were once refused.
large <- list(
  rbind(c(80, 60, 60), c(60, 80, 60), c(60, 60, 80)),
  rbind(c(4000, 5000, 6000), c(4100, 4900, 6200)),
  rbind(c(1, 77, 160, 80, 82), c(0, 20, 39, 20, 21), c(1, 39, 81, 40, 39))
)
shapes <- list(c(2, 3, 3000), c(2, 4, 1500), c(2, 5, 900), c(2, 6, 500), c(3, 3, 500), c(3, 3, 700),
               c(3, 4, 350), c(3, 4, 500), c(3, 5, 160), c(4, 4, 90), c(4, 5, 60), c(5, 5, 45))
for (shape in shapes) {
  chances <- (0.3 + rexp(shape[1])) %o% (0.3 + rexp(shape[2])) * exp(rnorm(shape[1] * shape[2], 0, 0.1))
  large[[length(large) + 1]] <- matrix(rmultinom(1, shape[3], chances), shape[1])
}
names(large) <- sprintf("large-%03d", seq_along(large))
tables <- c(tables, large)

as_text <- function(counts) paste(apply(counts, 1, paste, collapse = " "), collapse = ";")
digits <- function(value) formatC(value, digits = 17, format = "g", width = 1)

lines <- vapply(names(tables), function(name) {
  counts <- matrix(as.integer(tables[[name]]), nrow(tables[[name]]))
  exact <- fisher.test(counts, workspace = 1e8)$p.value
  filled <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  pearson <- suppressWarnings(chisq.test(filled, correct = FALSE))
  paste(name, as_text(counts), digits(exact), digits(pearson$statistic), pearson$parameter,
        digits(pearson$p.value), sep = ",")
}, "")

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
writeLines(c("name,table,fisher_p,chi2_statistic,chi2_df,chi2_p", lines), partial, useBytes = TRUE)
invisible(file.rename(partial, output))
