# Reference partitions of kmeans, default algorithm (Hartigan and Wong), from R's stats package.
#
#   Rscript tests/reference/kmeans.R       writes tests/reference/kmeans.csv.gz beside this script
#
# Each case is drawn with a fixed seed.  Coordinates have four decimals, so that the file holds the
# very points that were partitioned.  One line a case: points and centers by rows, "0.1 0.2;0.3 0.4",
# then how many copies of each row come one after the other, then the result.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
output <- file.path(dirname(normalizePath(script)), "kmeans.csv.gz")

uniform <- function(n, d, k) matrix(runif(n * d), n)
groups <- function(n, d, k) {
  middle <- matrix(rnorm(k * d, sd = 1.5), k)
  middle[sample.int(k, n, replace = TRUE), , drop = FALSE] + matrix(rnorm(n * d), n)
}
# Profiles: few distinct rows, as in a table of answers.
profiles <- function(n, d, k) {
  distinct <- matrix(rnorm(max(3 * k, n %/% 6) * d), ncol = d)
  distinct[sample.int(nrow(distinct), n, replace = TRUE), , drop = FALSE]
}
kinds <- list(uniform = uniform, groups = groups, profiles = profiles, sorted = groups,
              copies = uniform)

as_text <- function(values) {
  paste(apply(values, 1, function(row) paste(format(row, trim = TRUE, digits = 15), collapse = " ")),
        collapse = ";")
}

# Whole coordinates: costs are equal up to the last bits, which decide.
lattice <- function(n, d, k) matrix(sample(0:3, n * d, replace = TRUE), n)

partition <- function(name, points, copies, centers, limit) {
  rows <- points[rep(seq_len(nrow(points)), copies), , drop = FALSE]
  result <- tryCatch(
    suppressWarnings(kmeans(rows, centers, iter.max = limit)), error = function(problem) NULL
  )
  if (is.null(result)) return(NULL)
  paste(
    name, limit, as_text(points), paste(copies, collapse = " "), as_text(centers),
    paste(result$cluster, collapse = " "), as.integer(result$iter <= limit),
    formatC(result$tot.withinss, digits = 17, format = "g", width = 1), sep = ","
  )
}

set.seed(1979, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
lines <- character()
while (length(lines) < 120) {
  kind <- names(kinds)[1 + length(lines) %% length(kinds)]
  n <- sample(c(12:60, 100, 150, 200), 1)
  d <- sample.int(5, 1)
  k <- sample(2:7, 1)
  points <- round(kinds[[kind]](n, d, k), 4)
  if (kind %in% c("sorted", "copies")) points <- points[order(points[, 1]), , drop = FALSE]
  copies <- if (kind == "copies") sample(1:9, n, replace = TRUE) else rep(1L, n)
  # Centers of a coarse partition, as a tree would give, or plain rows, from which it is a long way.
  centers <- if (length(lines) %% 3 == 0) {
    unique(points)[seq_len(k), , drop = FALSE]
  } else {
    class <- cutree(hclust(dist(unique(points)), "ward.D"), k)
    round(rowsum(unique(points), class) / tabulate(class), 4)
  }
  limit <- if (length(lines) %% 4 == 0) 1L else 10L
  name <- sprintf("%s-%03d", kind, length(lines) + 1)
  lines <- c(lines, partition(name, points, copies, centers, limit))
}
while (length(lines) < 420) {
  n <- sample(6:24, 1)
  points <- lattice(n, sample.int(3, 1), k)
  if (nrow(unique(points)) < 4) next
  k <- sample(2:min(4, nrow(unique(points)) - 1), 1)
  copies <- if (length(lines) %% 2 == 0) sample(1:3, n, replace = TRUE) else rep(1L, n)
  centers <- unique(points)[seq_len(k), , drop = FALSE]
  lines <- c(lines, partition(sprintf("lattice-%03d", length(lines) + 1), points, copies, centers, 10L))
}

# Renamed only when whole, so that an interrupted run leaves the previous values.
partial <- paste0(output, ".partial")
file <- gzfile(partial, "wb", compression = 9)
writeLines(c("name,limit,points,copies,centers,clusters,converged,within", lines), file,
           useBytes = TRUE)
close(file)
invisible(file.rename(partial, output))
