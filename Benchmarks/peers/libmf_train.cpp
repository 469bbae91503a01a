// Learns with LIBMF, from text files to a saved model, and prints a line of JSON with the seconds.
// SPDX-License-Identifier: Apache-2.0
//
// usage: libmf_train TRAIN TEST|- MODEL|- DIMENSION EPOCHS RATE REGULARIZATION THREADS
//
// The package on PyPI holds LIBMF's library but not its command line program; this calls the
// library as that program does: its own reader of text, its own training with validation, its own
// text form of a model. Two numbers of epochs, as 10,20, train twice from one reading.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "mf.h"

#if defined(__x86_64__) && !(defined(USEAVX) && defined(__AVX__))
#error "LIBMF is to be measured at its best: compile with -DUSEAVX -mavx"
#endif

/// Seconds since some moment.
static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// LIBMF's validation RMSE: the third number of the last line it printed.
static double lastValidation(const std::string &lines) {
  std::istringstream all(lines);
  double epoch, training, validation = NAN, objective;
  for (std::string line; std::getline(all, line);) {
    std::istringstream row(line);
    double value;
    if (row >> epoch >> training >> value >> objective) validation = value;
  }
  return validation;
}

int main(int count, char **arguments) {
  if (count != 9) {
    std::fputs("usage: libmf_train TRAIN TEST|- MODEL|- DIMENSION EPOCHS RATE REGULARIZATION THREADS\n",
               stderr);
    return 64;
  }
  const std::string test = arguments[2], model = arguments[3];
  mf::mf_parameter options = mf::mf_get_default_param();
  options.k = std::atoi(arguments[4]);
  options.eta = std::atof(arguments[6]);
  options.lambda_p2 = options.lambda_q2 = std::atof(arguments[7]);
  options.nr_threads = std::atoi(arguments[8]);
  // As LIBMF's program does: the problem is its to change, unless it trains twice.
  const std::string epochs = arguments[5];
  options.copy_data = epochs.find(',') != std::string::npos;

  double start = now();
  mf::mf_problem training = mf::read_problem(arguments[1]);
  mf::mf_problem held = mf::read_problem(test == "-" ? "" : test);
  if (training.nnz == 0 || (test != "-" && held.nnz == 0)) {
    std::fputs("nothing was read\n", stderr);
    return 65;
  }
  const double reading = now() - start;
  // LIBMF prints a line an epoch.
  std::ostringstream lines;
  std::cout.rdbuf(lines.rdbuf());
  std::string seconds;
  mf::mf_model *learned = nullptr;
  std::istringstream list(epochs);
  for (std::string number; std::getline(list, number, ',');) {
    if (learned) mf::mf_destroy_model(&learned);
    options.nr_iters = std::stoi(number);
    start = now();
    learned = mf::mf_train_with_validation(&training, test == "-" ? nullptr : &held, options);
    seconds += (seconds.empty() ? "" : ", ") + std::to_string(now() - start);
  }
  start = now();
  if (model != "-" && mf::mf_save_model(learned, model.c_str()) != 0) {
    std::fputs("the model was not saved\n", stderr);
    return 73;
  }
  std::printf("{\"reading\": %.3f, \"training\": [%s], \"saving\": %.3f", reading, seconds.c_str(),
              now() - start);
  if (test != "-") std::printf(", \"rmse\": %.4f", lastValidation(lines.str()));
  std::printf("}\n");
  mf::mf_destroy_model(&learned);
  return 0;
}
