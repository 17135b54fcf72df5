# case: expect = async with aioboto3.Session().client(
import boto3
from s3_stub import URL


def load(bucket, keys):
    s3 = boto3.client(
        "s3",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="k",
        aws_secret_access_key="s",
    )
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.upper().encode())
    answer = s3.get_object(Bucket=bucket, Key=keys[0])
    body = answer["Body"].read().decode()
    names = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        names.extend(item["Key"] for item in page["Contents"])
    try:
        s3.get_object(Bucket=bucket, Key="none")
    except s3.exceptions.NoSuchKey:
        names.append("no such key")
    return body, names


def main():
    print(load("books", ["a", "b"]))


if __name__ == "__main__":
    main()
