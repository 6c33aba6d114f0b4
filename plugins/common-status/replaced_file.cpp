// SPDX-License-Identifier: Apache-2.0
#include "replaced_file.hpp"

#include "checksum.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace offlineimap::status {

ReplacedFile::ReplacedFile(
    std::filesystem::path path, std::filesystem::path beside, Scope scope, Durability durability)
    : path_(std::move(path))
    , beside_(std::move(beside))
    , scope_(scope)
    , durability_(durability)
    , file_(::open(
          beside_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600))
{
    if (!file_) throw system_error(errno, scope_, "create", beside_);
    buffer_.reserve(most + 4096);
}

ReplacedFile::~ReplacedFile()
{
    if (!committed_) ::unlink(beside_.c_str());
}

void ReplacedFile::commit()
{
    write_buffer();
    if (durability_ == Durability::flushed && ::fsync(file_.get()) != 0)
        throw system_error(errno, scope_, "flush", beside_);
    if (std::rename(beside_.c_str(), path_.c_str()) != 0)
        throw system_error(errno, scope_, "replace", path_);
    committed_ = true;
    flush_directory(path_.parent_path(), durability_);
}

void ReplacedFile::lock()
{
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0)
        throw system_error(errno, scope_, "lock", beside_);
}

void ReplacedFile::write_buffer()
{
    checksum_ = status::checksum(buffer_, checksum_);
    write_all(file_, buffer_, beside_, scope_);
    buffer_.clear();
}

}  // namespace offlineimap::status
