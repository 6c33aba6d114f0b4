// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/model.hpp"

#include <string>

/// The model as text, one option a line in the file's order, for a comparison by eye.
std::string dump(const offlineimap::core::Config& config);

/// One section, options sorted by name, without places: what configparser_dump.py writes.
std::string dump_plain(const offlineimap::core::Section& section);
