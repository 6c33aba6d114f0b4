// SPDX-License-Identifier: Apache-2.0
#include <offlineimap/repository.hpp>

#include <stdexcept>

// A repository with a defect: what it throws is none of the errors that it may throw.

namespace {

using namespace offlineimap;

class DefectRepository final : public Repository {
public:
    explicit DefectRepository(Host& host) : what_(host.settings().text("what")) { }
    std::unique_ptr<Session> connect(const Cancel&) override { throw std::logic_error(what_); }

private:
    std::string what_;
};

constexpr Option options[] = {
    {"what", OptionType::text, "out of range: 7 of 3", "what it throws"},
};
constexpr Component components[] = {
    component<DefectRepository>("defect", "does not work", options)};

}  // namespace

OFFLINEIMAP_PLUGIN(repo_defect, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
