// SPDX-License-Identifier: Apache-2.0
#include "read.hpp"

#include "rc.hpp"
#include "values.hpp"
#include "yaml.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <cstdlib>
#include <system_error>

namespace offlineimap::core {

namespace fs = std::filesystem;

std::vector<fs::path> config_file_places()
{
    const char* xdg = std::getenv("XDG_CONFIG_HOME");
    const fs::path base = xdg != nullptr && *xdg != '\0' ? xdg : expand_home("~/.config");
    const auto folder = base / "offlineimap";
    return {folder / "config", expand_home("~/.offlineimaprc"), folder / "config.yaml"};
}

fs::path find_config_file()
{
    std::vector<std::string> tried;
    for (const auto& place : config_file_places()) {
        std::error_code ignored;
        if (fs::exists(place, ignored)) return place;
        tried.push_back(place.string());
    }
    throw Error(Errc::config, concat("there is no configuration file; tried ", join(tried, ", ")));
}

Config read_config(const fs::path& path, const Overrides& overrides)
{
    const fs::path file = expand_home(path.string());
    const auto ending = file.extension();
    const bool yaml = ending == ".yaml" || ending == ".yml";
    auto config = yaml ? read_yaml(file, overrides.options) : read_rc(file, overrides.options);
    apply(overrides, config);
    return config;
}

}  // namespace offlineimap::core
