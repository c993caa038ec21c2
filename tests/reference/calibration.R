# Reference values for calibrated shares, from R's survey package (4.1): rake.
#
#   Rscript tests/reference/calibration.R    writes tests/reference/calibration.csv beside this script
#
# A sample of three variables is drawn anew for each case, its first category the rarest, and raked to
# margins that differ from its own.  "trait" and "counts" are the cells of the sample, the first
# variable varying fastest, parted by spaces; so are the three margins.  "jackknife_se" is the standard
# error of JK1 over the sample without each of its people, raked anew: rake() of a replicate design
# stops once the whole sample has converged, and leaves its replicates short of it.

suppressMessages(library(survey))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "calibration.csv")
exactly <- list(maxit = 5000, epsilon = 1e-11)
set.seed(1940)
# What does not converge is no reference.
options(warn = 2)

case <- function(n, sizes) {
  factors <- lapply(sizes, function(k) {
    draw <- c(seq_len(k), seq_len(k), sample(k, n - 2 * k, replace = TRUE, prob = seq_len(k)))
    factor(sample(draw), levels = seq_len(k))
  })
  people <- data.frame(a = factors[[1]], b = factors[[2]], c = factors[[3]])
  people$y <- rbinom(n, 1, as.integer(people$a) / (sizes[1] + 1))
  margins <- lapply(factors, function(own) {
    share <- table(own) * runif(nlevels(own), 0.4, 1)
    n * as.vector(share) / sum(share)
  })
  targets <- Map(function(name, total) {
    setNames(data.frame(factor(seq_along(total)), total), c(name, "Freq"))
  }, c("a", "b", "c"), margins)
  formulas <- list(~a, ~b, ~c)
  fit <- function(people) {
    design <- svydesign(~1, data = people, weights = rep(1, nrow(people)))
    rake(design, formulas, unname(targets), control = exactly)
  }
  raked <- fit(people)
  w <- weights(raked)
  replicates <- sapply(seq_len(n), function(i) coef(svymean(~y, fit(people[-i, ]))))
  in_cells <- function(values) {
    cells <- tapply(values, people[c("a", "b", "c")], sum)
    paste(ifelse(is.na(cells), 0, cells), collapse = " ")
  }
  exact <- function(values) paste(sprintf("%.15g", values), collapse = " ")
  data.frame(
    sizes = paste(sizes, collapse = " "),
    trait = in_cells(people$y), counts = in_cells(rep(1, n)),
    margin_a = exact(margins[[1]]), margin_b = exact(margins[[2]]), margin_c = exact(margins[[3]]),
    estimate = exact(coef(svymean(~y, raked))),
    effective = exact(sum(w)^2 / sum(w^2)),
    lightest = exact(min(w)), heaviest = exact(max(w)),
    jackknife_se = exact(sqrt((n - 1) / n * sum((replicates - mean(replicates))^2)))
  )
}

rows <- do.call(rbind, list(
  case(60, c(2, 2, 2)), case(80, c(3, 2, 4)), case(100, c(5, 4, 3))
))
write.csv(rows, output, row.names = FALSE, quote = FALSE)
